"""Wizard of the first run."""
