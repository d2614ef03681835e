"""Wiring of the services into a running core, with its background loops."""
