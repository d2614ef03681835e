"""Posters and receipts: what customers hold a camera at."""
