"""Pictures of scans: camera, light, renderer, inspection sheet."""
