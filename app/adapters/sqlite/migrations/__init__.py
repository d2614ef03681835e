"""History of the tables, one revision per change."""
