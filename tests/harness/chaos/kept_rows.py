"""Queue rows as the program left them, read through a read-only connection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from app.bootstrap.database import DATABASE
from tests.harness.chaos.disk_reader import DiskReader

_COLUMNS = (
    "id, order_id, notification_type, state, reason, lease_owner, wa_message_id, repeats, seq, doubted_at,"
    " phone_index"
)
_ALL = f"SELECT {_COLUMNS} FROM whatsapp_notifications"  # noqa: S608 - made of constants
_STATE = "SELECT state FROM whatsapp_notifications WHERE id = :id"
_GIVEN_UP = """
    SELECT 1 FROM whatsapp_notifications WHERE id = :id AND state = 'in_doubt' AND given_up_at IS NOT NULL
"""
_UNSETTLED = """
    SELECT id FROM whatsapp_notifications WHERE state IN ('pending', 'sending')
    OR (state = 'in_doubt' AND given_up_at IS NULL)
"""
_UNDELIVERED = "SELECT count(*) FROM whatsapp_notifications WHERE state = 'sent'"


@dataclass(frozen=True, slots=True)
class KeptRow:
    id: str
    order_id: str | None
    type: str
    state: str
    reason: str | None
    leased: bool
    message_id: str
    repeats: int
    seq: int
    """Place in the queue."""
    doubted: bool
    """Whether the row was ever in doubt."""
    address: bytes = b""
    """Blind index of the number or LID that it went to."""


class KeptRows:
    def __init__(self, folder: Path) -> None:
        self._disk = DiskReader(folder / DATABASE)

    def held(self) -> Sequence[KeptRow]:
        """Return the rows that a process held."""
        return self._rows(
            _ALL + " WHERE state = 'sending' OR (state = 'pending' AND lease_owner IS NOT NULL)"
        )

    def all(self) -> Sequence[KeptRow]:
        return self._rows(_ALL)

    def states(self, notification_ids: Sequence[str]) -> Mapping[str, str]:
        found = {id_: self._disk.ask(_STATE, {"id": UUID(id_).hex}) for id_ in notification_ids}
        return {id_: rows[0][0] for id_, rows in found.items() if rows}

    def for_a_person(self, notification_id: str) -> bool:
        """Whether the row is in doubt and left to a person."""
        return bool(self._disk.ask(_GIVEN_UP, {"id": UUID(notification_id).hex}))

    def unsettled(self) -> frozenset[str]:
        """Ids of the rows that must still change without a person."""
        return frozenset(str(UUID(row[0])) for row in self._disk.ask(_UNSETTLED))

    def undelivered(self) -> int:
        """How many rows the server has acknowledged and no phone."""
        found: int = self._disk.ask(_UNDELIVERED)[0][0]
        return found

    def _rows(self, statement: str) -> Sequence[KeptRow]:
        found = self._disk.ask(statement)
        return [
            KeptRow(
                id=str(UUID(id_)),
                order_id=order_id,
                type=type_,
                state=state,
                reason=reason,
                leased=owner is not None,
                message_id=message_id,
                repeats=repeats,
                seq=seq,
                doubted=doubted_at is not None,
                address=address,
            )
            for id_, order_id, type_, state, reason, owner, message_id, repeats, seq, doubted_at, address in found
        ]
