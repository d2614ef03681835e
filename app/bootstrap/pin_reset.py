"""Command that resets a forgotten PIN."""

import asyncio
import sys
from collections.abc import Mapping

from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap.database import OpenedFolder, demand_database, open_folder
from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.service_config import live_config
from app.bootstrap.state_folder import locked_folder
from app.config import read_given
from app.domain.setting_sources import SourcedValue
from app.services.access.audit_log import AuditLog
from app.services.runtime.pin_reset import reset_pin


def reset(options: Options) -> int:
    """Reset the PIN while the program is closed; return the exit code.

    Raises FatalError with the reason of a refusal, before any change.
    """
    with locked_folder(options) as folder:
        given = read_given(folder)
        demand_database(folder)
        opened = open_folder(folder, SystemClock(), SystemEntropy(), training=options.training)
        asyncio.run(_reset(opened, given))
    sys.stdout.write(sentences().say("headless", "pin_reset") + "\n")
    return 0


async def _reset(opened: OpenedFolder, given: Mapping[str, SourcedValue]) -> None:
    clock = SystemClock()
    try:
        config = (await live_config(opened.store, given, keeps_pace=True)).value
        audit = AuditLog(opened.store, opened.vault, clock)
        await reset_pin(opened.store, audit, clock, config.templates)
    finally:
        await opened.store.close()
