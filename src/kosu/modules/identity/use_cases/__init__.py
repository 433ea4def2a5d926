"""One feature of identity per file."""
