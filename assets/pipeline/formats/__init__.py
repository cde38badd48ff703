"""Files of scans: what a file is, what it would cost, and its meshes in the project's words."""
