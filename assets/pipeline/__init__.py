"""From a scan to something a headset can hold: one verb a file."""
