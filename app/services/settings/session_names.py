"""Names of the shop's numbers, by which its people tell them apart."""

from collections.abc import Collection, Mapping
from typing import Final

from app.domain.access import ProtectedAct
from app.domain.errors import SettingRefusedError
from app.domain.events import SettingsChanged
from app.domain.identifiers import SessionId
from app.domain.setting_spec import SettingKind, SettingSpec, shown_value
from app.ports.store import Rows, Store
from app.services.access.gate import AccessGate
from app.services.event_bus import EventBus
from app.services.storage.stored_settings import Reader, read_fields, replace_field

SESSION_NAMES: Final = "session_names"
_SPEC: Final = SettingSpec(name=SESSION_NAMES, kind=SettingKind.TEXT, default="", least=1, most=40)


class SessionNames:
    """Names by session, kept in one row of the database; a number without one has none."""

    def __init__(
        self, store: Store, bus: EventBus, gate: AccessGate, sessions: Collection[SessionId]
    ) -> None:
        self._store, self._bus, self._gate = store, bus, gate
        self._sessions = sessions
        self._names: Mapping[SessionId, str] = {}

    async def load(self) -> None:
        """Load the names; an unreadable one is logged and left out."""
        self._names = await self._store.read(self._stored)

    def name_of(self, session_id: SessionId) -> str | None:
        return self._names.get(session_id)

    async def rename(self, session_id: SessionId, name: str | None) -> None:
        """Save a number's name, or remove it for None, and publish the change.

        Raises SettingRefusedError and ManagerNeededError.
        """
        try:
            named = None if name is None else str(_SPEC.parse(name.strip()))
        except ValueError:
            raise SettingRefusedError(
                name=SESSION_NAMES, value=shown_value(name), allowed=_SPEC.allowed
            ) from None
        await self._gate.authorize(ProtectedAct.CHANGE_SETTING)

        def work(rows: Rows) -> Mapping[SessionId, str]:
            kept = rows.settings.get(SESSION_NAMES)
            rows.settings.set(SESSION_NAMES, replace_field(kept, session_id, named))
            return self._stored(rows)

        self._names = await self._store.transact(work)
        self._bus.publish(SettingsChanged(frozenset({SESSION_NAMES})))

    def _stored(self, rows: Rows) -> Mapping[SessionId, str]:
        readers: dict[str, Reader] = dict.fromkeys(self._sessions, _SPEC.parse)
        names = read_fields(SESSION_NAMES, rows.settings.get(SESSION_NAMES), readers)
        return {SessionId(each): name for each, name in names.items()}


def clear_session_names(rows: Rows) -> None:
    """Remove all names in a transaction of the caller."""
    rows.settings.set(SESSION_NAMES, "")
