"""One feature of learning per file."""
