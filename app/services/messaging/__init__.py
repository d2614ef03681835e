"""Messages from request to hand-over, and inbound ones: replies, opt-outs, number checks."""
