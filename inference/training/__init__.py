"""From pictures of artifacts to a weight file and its manifest. Needs the ``train`` extra."""
