"""Ajustes: settings of the shop."""
