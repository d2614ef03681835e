"""Makes the real world's parts and puts the product together; the only place that knows every adapter."""

from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.running import run
from app.bootstrap.shop import Shop, open_shop

__all__ = ["Options", "Shop", "open_shop", "run", "sentences"]
