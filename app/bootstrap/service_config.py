"""Conversion of the shop's settings to the services' configuration."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

from app import paths
from app.domain.errors import ProgramIncompleteError
from app.domain.identifiers import SessionId
from app.domain.order import NotificationType
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import NO_RATE_LIMIT, RateLimitPolicy
from app.domain.retry_policy import RetryPolicy
from app.domain.setting_sources import SettingSources, SourcedValue
from app.domain.settings import Settings
from app.domain.template import MessageTemplate
from app.ports.store import Store
from app.services.runtime.dependencies import ServiceConfig
from app.services.runtime.live_config import LiveConfig
from app.services.settings.screen_values import load_screen_values
from app.services.templates.values import ShopProfile


async def live_config(store: Store, given: Mapping[str, SourcedValue], *, keeps_pace: bool) -> LiveConfig:
    """Return the configuration by environment and file, then by the values chosen on screen."""
    sources = SettingSources(given, await store.read(load_screen_values))
    return LiveConfig(sources, partial(service_config, keeps_pace=keeps_pace))


def service_config(settings: Settings, *, keeps_pace: bool) -> ServiceConfig:
    shipped = _shipped(paths.default_templates())
    return ServiceConfig(
        session_id=SessionId(settings.WHATSAPP_SESSION_ID),
        templates=tuple(
            MessageTemplate(name, NotificationType(name), text) for name, text in shipped.items()
        ),
        shop=ShopProfile(
            settings.SHOP_NAME, settings.SHOP_ADDRESS, settings.SHOP_PHONE, settings.SHOP_ESTIMATED_TIME
        ),
        queue=QueuePolicy(
            batch_size=settings.MESSAGE_QUEUE_BATCH_SIZE,
            retry=RetryPolicy(max_retries=settings.NOTIFICATION_RETRY_ATTEMPTS),
            time_to_live=timedelta(minutes=settings.TIME_TO_LIVE_MINUTES),
            repeats_doubts=settings.IN_DOUBT == "resend",
        ),
        auto_lock=timedelta(minutes=settings.AUTO_LOCK_MINUTES),
        area_code=settings.SHOP_AREA_CODE,
        undo_window=timedelta(seconds=settings.UNDO_SECONDS),
        opt_out_texts=_shipped(paths.opt_out_texts()),
        invitation_words=_shipped(paths.invitation_words()),
        pickup_texts=_shipped(paths.pickup_texts()),
        own_number_texts=_shipped(paths.own_number_texts()),
        retention=timedelta(days=settings.RETENTION_DAYS),
        rate_limits=RateLimitPolicy(settings.PACE_PER_MINUTE, settings.PACE_PER_CUSTOMER_HOUR)
        if keeps_pace
        else NO_RATE_LIMIT,
        more_sessions=tuple(SessionId(name) for name in settings.more_session_ids),
        take_over=settings.WHATSAPP_TAKE_OVER,
        read_receipts=settings.WHATSAPP_READ_RECEIPTS,
        client_version=settings.WHATSAPP_CLIENT_VERSION or None,
    )


def _shipped(file: Path) -> dict[str, str]:
    """Read texts that the program ships; raises ProgramIncompleteError."""
    try:
        texts: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProgramIncompleteError(part=file.name) from error
    return texts
