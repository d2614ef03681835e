"""Adapters of the outside world, one package per system; they do not import each other."""
