"""What is the visitor looking at? Training, export and serving of recognizers."""
