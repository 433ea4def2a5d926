"""One feature of catalog per file."""
