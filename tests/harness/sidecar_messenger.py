"""Messenger over the real sidecar, connected to a simulated WhatsApp."""

import logging
from datetime import timedelta
from typing import Any

import psutil

from app import paths
from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.adapters.whatsapp.node_command import NodeCommand, installed_node
from app.ports.clock import Clock
from app.ports.store import Store


def build_messenger(
    store: Store, clock: Clock, simulated_url: str | None, **overrides: Any
) -> WhatsAppMessenger:
    """Return a messenger that runs the built sidecar with the wheel's Node."""
    defaults: dict[str, Any] = {
        "command": NodeCommand(installed_node(), paths.sidecar_bundle()),
        "log": logging.getLogger("tests.whatsapp"),
        "connection_timeout": timedelta(seconds=10),
    }
    return WhatsAppMessenger(
        store=store, clock=clock, simulated_url=simulated_url, **{**defaults, **overrides}
    )


def sidecars() -> list[psutil.Process]:
    """Return the sidecar processes that this process has started."""
    return [child for child in psutil.Process().children() if str(paths.sidecar_bundle()) in child.cmdline()]
