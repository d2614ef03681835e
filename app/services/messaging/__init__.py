"""From a request to a text that WhatsApp takes."""
