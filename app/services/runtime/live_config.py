"""Configuration in force, replaced when a setting changes that applies at once."""

from collections.abc import Callable
from datetime import timedelta

from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import RateLimitPolicy
from app.domain.setting_sources import SettingSources
from app.domain.settings import Settings
from app.services.runtime.dependencies import ServiceConfig
from app.services.templates.values import ShopProfile


class LiveConfig:
    """Holder of the configuration; a service is given its methods, and calls them at each use.

    `config_of` builds the configuration of some settings; `sources` are those of the program's start.
    """

    def __init__(self, sources: SettingSources, config_of: Callable[[Settings], ServiceConfig]) -> None:
        self.sources, self._config_of = sources, config_of
        self.value = config_of(sources.settings())

    def put_in_force(self, settings: Settings) -> None:
        self.value = self._config_of(settings)

    def queue(self) -> QueuePolicy:
        return self.value.queue

    def rate_limits(self) -> RateLimitPolicy:
        return self.value.rate_limits

    def shop(self) -> ShopProfile:
        return self.value.shop

    def shop_name(self) -> str:
        return self.value.shop.name

    def auto_lock(self) -> timedelta:
        return self.value.auto_lock

    def area_code(self) -> str:
        return self.value.area_code

    def undo_window(self) -> timedelta:
        return self.value.undo_window

    def retention(self) -> timedelta:
        return self.value.retention

    def take_over(self) -> bool:
        return self.value.take_over

    def read_receipts(self) -> bool:
        return self.value.read_receipts
