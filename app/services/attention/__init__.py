"""Conditions that need a person: what the strip says, and when a sound calls."""
