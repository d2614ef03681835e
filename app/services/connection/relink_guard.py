"""Relink guard: the number that was linked before is linked again without the manager, another one is not (X5)."""

import json
import logging
from contextlib import suppress
from functools import partial
from typing import Final

from app.domain.access import ProtectedAct
from app.domain.audit import Actor
from app.domain.errors import CocoLokoError
from app.domain.identifiers import SessionId
from app.domain.phone import Phone, account_forms
from app.domain.remedy import REMEDIES
from app.domain.session import ConnectionStatus
from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.ports.store import Rows, Store
from app.ports.vault import Vault
from app.services.access.gate import AccessGate
from app.services.background_tasks import BackgroundTasks
from app.services.storage.stored_settings import read_fields, read_flag, read_text

_log = logging.getLogger(__name__)
_PURPOSE: Final = "linked_number"


class RelinkGuard:
    """Remembers a keyed hash of the session's number, also after the session was wiped."""

    def __init__(
        self,
        session_id: SessionId,
        messenger: Messenger,
        store: Store,
        vault: Vault,
        gate: AccessGate,
        clock: Clock,
        tasks: BackgroundTasks,
    ) -> None:
        self._name = f"{_PURPOSE}:{session_id}"
        self._session_id, self._messenger = session_id, messenger
        self._store, self._vault, self._gate = store, vault, gate
        self._clock, self._tasks = clock, tasks
        self._linked: str | None = None
        self._only_former = False
        """Whether the pairing under way is the cashier's, also when the program was ended before the number opened."""

    @property
    def needs_manager(self) -> bool:
        """Whether pairing is refused to the person at the counter, whatever the number."""
        return self._gate.actor is Actor.CASHIER and self._linked is None

    async def load(self) -> None:
        """Load the hash of the number that was linked last, and whether a pairing is restricted to it."""
        text = await self._store.read(lambda rows: rows.settings.get(self._name))
        kept = read_fields(self._name, text, {"number": read_text, "only_former": read_flag})
        self._linked = kept.get("number")
        self._only_former = self._linked is not None and kept.get("only_former", False)

    async def authorize_pairing(self, status: ConnectionStatus, *, paired: bool) -> None:
        """Allow any number to the manager, the former one to the cashier; raises ManagerNeededError.

        A session that may come back, as after another program took its place, is the manager's to give up. On disk
        when this returns: ending the program after the scan must not open the session to another number.
        """
        remedy = REMEDIES.get(status.reason) if paired and status.reason else None
        comes_back = remedy is not None and not remedy.pairs
        only_former = self._gate.actor is Actor.CASHIER and self._linked is not None and not comes_back
        if only_former:
            await self._gate.record(ProtectedAct.RELINK)
        else:
            await self._gate.authorize(ProtectedAct.PAIR)
        if only_former != self._only_former:
            await self._store.transact(partial(self._write, only_former=only_former))
            self._only_former = only_former

    async def authorize_unlinking(self) -> None:
        await self._gate.authorize(ProtectedAct.UNLINK)

    def refuses(self, phone: Phone | None) -> bool:
        """Return whether the number that was just linked is another, or not known to be the only one allowed."""
        return self._only_former and (phone is None or self._hash(phone) != self._linked)

    def is_linked(self, phone: Phone) -> bool:
        """Return whether the number is the one that was linked last, with the manager's consent."""
        return not self._only_former and self._hash(phone) == self._linked

    async def forget_linked(self) -> None:
        """Forget the number that the manager unlinked: giving it up was no disconnection. On disk when this returns."""
        self._linked, self._only_former = None, False
        await self._save()

    async def unlink_refused(self) -> None:
        """Unlink a refused or abandoned number; where that fails, its phone shows a device without a session.

        The connection is ended in any case: over an open one its messages and credentials would still be stored.
        """
        try:
            await self._messenger.logout(self._session_id)
        except CocoLokoError as error:
            _log.warning("refused_number_not_unlinked", extra={"code": error.code})
            with suppress(CocoLokoError):
                await self._messenger.disconnect(self._session_id)

    def record_linked(self, phone: Phone | None) -> None:
        """Remember the number of an open connection; saved in the background, with retries."""
        linked = self._linked if phone is None else self._hash(phone)
        if self._only_former or linked != self._linked:
            self._linked, self._only_former = linked, False
            self._tasks.retry(self._save, "save_linked_number", self._clock)

    async def _save(self) -> None:
        await self._store.transact(partial(self._write, only_former=self._only_former))

    def _write(self, rows: Rows, *, only_former: bool) -> None:
        kept = json.dumps({"number": self._linked, "only_former": only_former}) if self._linked else ""
        rows.settings.set(self._name, kept)

    def _hash(self, phone: Phone) -> str:
        """Return the same hash for all spellings of an account's number."""
        return self._vault.mac(_PURPOSE, min(form.number for form in account_forms(phone))).hex()
