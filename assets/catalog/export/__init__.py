"""Records in the standards' own shapes: Linked Art, IIIF, JSON Schema."""
