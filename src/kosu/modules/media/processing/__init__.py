"""How a run is worked through: the hold on it, and its seven steps."""
