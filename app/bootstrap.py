"""Makes the real world's parts and puts the product together; the only place that knows every adapter."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app import paths
from app.adapters.demo.simulator_process import simulator_child
from app.adapters.demo.world import SimulatedWorld
from app.config import Settings, read_settings
from app.domain.identifiers import SessionId
from app.domain.order import NotificationType
from app.domain.retry_policy import RetryPolicy
from app.domain.template import MessageTemplate
from app.headless.conversation import Conversation
from app.headless.demo import Demo
from app.ports.training import TrainingWorld
from app.services.assembly import Choices, Ports, assemble
from app.services.core import Core
from app.services.notifications.queue_policy import QueuePolicy
from app.services.sentences import Sentences
from app.services.templates.values import ShopProfile


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    demo: bool = False
    headless: bool = False
    orders: int = 20
    seed: int = 1
    as_json: bool = False
    data_dir: Path | None = None
    simulated_whatsapp: str | None = None

    @property
    def training(self) -> bool:
        return self.demo or self.simulated_whatsapp is not None
