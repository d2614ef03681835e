"""Looks after what the database keeps: cells sealed by an older format, rows that do not read."""
