"""The shop's settings as the services take them."""

import json
from datetime import timedelta

from app import paths
from app.config import Settings
from app.domain.identifiers import SessionId
from app.domain.order import NotificationType
from app.domain.retry_policy import RetryPolicy
from app.domain.template import MessageTemplate
from app.services.assembly import Choices
from app.services.notifications.queue_policy import QueuePolicy
from app.services.templates.values import ShopProfile


def choices_of(settings: Settings) -> Choices:
    shipped = json.loads(paths.default_templates().read_text(encoding="utf-8"))
    return Choices(
        session_id=SessionId(settings.WHATSAPP_SESSION_ID),
        templates=tuple(
            MessageTemplate(name, NotificationType(name), text) for name, text in shipped.items()
        ),
        shop=ShopProfile(settings.SHOP_NAME, settings.SHOP_ADDRESS, settings.SHOP_PHONE),
        queue=QueuePolicy(
            batch_size=settings.MESSAGE_QUEUE_BATCH_SIZE,
            retry=RetryPolicy(max_retries=settings.NOTIFICATION_RETRY_ATTEMPTS),
            time_to_live=timedelta(minutes=settings.TIME_TO_LIVE_MINUTES),
            repeats_doubts=settings.IN_DOUBT == "resend",
        ),
        undo_window=timedelta(seconds=settings.UNDO_SECONDS),
    )
