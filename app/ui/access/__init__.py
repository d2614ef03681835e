"""Dialogs of the manager's PIN."""
