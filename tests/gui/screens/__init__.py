"""Screenshots of all views, for visual review."""
