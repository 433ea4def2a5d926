"""What billing does: one file each."""
