"""Orders: watched, typed in, listed, searched, and linked to the customers who write about them."""
