"""A scan as fewer bytes: GLB and its parts, meshopt, Draco, KTX2, textures by size."""
