"""WhatsApp, spoken by a Node process of ours, seen from Python."""
