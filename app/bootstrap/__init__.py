"""Composition root: creates the adapters and wires the product; the only package that imports every adapter."""

from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.running import run
from app.bootstrap.shop import Shop, open_shop

__all__ = ["Options", "Shop", "open_shop", "run", "sentences"]
