"""Permissions at the counter."""
