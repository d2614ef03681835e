"""Headless front end: JSON lines for programs, Portuguese lines for people."""
