"""Ajustes: what the shop decides."""
