"""Sounds through miniaudio."""
