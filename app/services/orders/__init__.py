"""Orders as they come in and move on."""
