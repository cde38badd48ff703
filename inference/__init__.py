"""What is the visitor looking at? Training, export and serving of recognizers."""

import os

# onnxruntime sends events about models and sessions to its maker and keeps a device identifier in the home
# folder, unless this is said before it is loaded. What a museum's visitors do is nobody else's business.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
