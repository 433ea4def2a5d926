"""Access, enrolments, watch progress and notes."""
