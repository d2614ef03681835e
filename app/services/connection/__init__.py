"""Connection of one WhatsApp session: pairing, reconnect with backoff, liveness, published status."""
