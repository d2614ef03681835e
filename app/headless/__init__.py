"""The front end without a window: JSON lines for programs, Portuguese lines for people."""
