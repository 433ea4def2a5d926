"""The features of media, one per file."""
