"""Ports: the protocols by which the core reaches the outside world."""
