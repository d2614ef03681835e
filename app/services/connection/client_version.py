"""Choice of the WhatsApp Web version to connect as: set by hand, or the last good one."""

import re
from typing import Final

from app.ports.messenger import ClientVersion
from app.ports.store import Store
from app.services.storage.stored_settings import report_unreadable

_LAST_GOOD: Final = "whatsapp_client_version"
_FORM: Final = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,12}", re.ASCII)


class ClientVersionMemory:
    """Version memory of one session; a good version is remembered for all sessions."""

    def __init__(self, store: Store, exact: str | None = None) -> None:
        self._store, self._exact = store, exact
        self._look_up = False
        self._saved: str | None = None

    async def choice(self) -> ClientVersion:
        known = _readable(await self._store.read(lambda rows: rows.settings.get(_LAST_GOOD)))
        self._saved = known
        return ClientVersion(self._exact, known, look_up=self._look_up)

    def record_outdated(self) -> None:
        """Have WhatsApp asked for its version at the next connection: it refused this one as outdated."""
        self._look_up = True

    async def record_good(self, version: str | None) -> None:
        """Save the version with which WhatsApp answers."""
        self._look_up = False
        if version and version not in (self._saved, self._exact):
            await self._store.transact(lambda rows: rows.settings.set(_LAST_GOOD, version))
            self._saved = version


def _readable(kept: str | None) -> str | None:
    """Drop a version in a form unknown to the sidecar, which would refuse every connection."""
    if kept and not _FORM.fullmatch(kept):
        report_unreadable(_LAST_GOOD)
        return None
    return kept or None
