"""Redis: the hot path of sessions and progress. Never the only copy of anything acknowledged but watch progress."""
