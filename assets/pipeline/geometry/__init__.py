"""What a scan's triangles are, made sound and made fewer: units, repair, surfaces, levels of detail."""
