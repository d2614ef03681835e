"""Paper adapter: posters and till receipts with a QR code for customers' cameras."""
