"""One WhatsApp session from pairing to lamp."""
