"""Telephone numbers as people type them, understood by the phonenumbers library."""
