"""First run: progress through the setup steps, kept in the database over restarts and kills."""

import json
from collections.abc import Callable
from typing import Final

from app.domain.errors import WrongKeyError
from app.domain.events import SetupProgressChanged
from app.domain.first_run import SETUP_STEPS, SetupProgress, SetupStep
from app.domain.session import ConnectionState
from app.ports.key_custody import KeyCustody
from app.ports.store import Rows, Store
from app.services.access.pin import ManagerPin
from app.services.connection.sessions import Sessions
from app.services.event_bus import EventBus
from app.services.storage.stored_settings import read_fields

SETTING: Final = "first_run"
# A shop that was at work before it had a wizard is not interrupted by one.
_LEFT_FOR_LATER: Final = SetupProgress(skipped=frozenset(SETUP_STEPS))


class FirstRun:
    """Setup of the shop; `progress` is the stored one, loaded at the start."""

    def __init__(
        self, store: Store, bus: EventBus, sessions: Sessions, pin: ManagerPin, custody: KeyCustody
    ) -> None:
        self._store, self._bus, self._sessions = store, bus, sessions
        self._pin, self._custody = pin, custody
        self.progress = self._initial = SetupProgress()
        """Stored progress, and the progress of a shop that has none stored."""

    async def load(self) -> None:
        """Load the progress; a shop with a number or orders, and without progress, was set up before."""

        def work(rows: Rows) -> tuple[SetupProgress, SetupProgress]:
            initial = _LEFT_FOR_LATER if self._is_in_use(rows) else SetupProgress()
            return initial, _stored(rows) or initial

        self._initial, self.progress = await self._store.read(work)

    @property
    def fulfilled(self) -> frozenset[SetupStep]:
        """Steps whose aim is reached already: a connected number, a PIN, a recovery phrase."""
        reached = {
            SetupStep.CONNECT: any(
                status.phone is not None and status.state is not ConnectionState.UNPAIRED
                for status in self._sessions.statuses()
            ),
            SetupStep.PIN: self._pin.is_set,
            SetupStep.PHRASE: self._custody.has_phrase,
        }
        return frozenset(step for step, is_reached in reached.items() if is_reached)

    @property
    def due_step(self) -> SetupStep | None:
        """Step at which the wizard opens by itself; None where the shop needs none."""
        return self.progress.next_step(self.fulfilled)

    @property
    def left(self) -> tuple[SetupStep, ...]:
        """Steps that are not done, skipped ones included."""
        return self.progress.left(self.fulfilled)

    async def finish(self, step: SetupStep) -> None:
        """Record a step as done."""
        await self._record(lambda progress: progress.with_done(step))

    async def skip(self, step: SetupStep) -> None:
        """Record a step as left for later."""
        await self._record(lambda progress: progress.with_skipped(step))

    async def _record(self, change: Callable[[SetupProgress], SetupProgress]) -> None:
        def work(rows: Rows) -> SetupProgress:
            changed = change(_stored(rows) or self._initial)
            rows.settings.set(SETTING, _text(changed))
            return changed

        self.progress = await self._store.transact(work)
        self._bus.publish(SetupProgressChanged(self.progress))

    def _is_in_use(self, rows: Rows) -> bool:
        """Whether a number is linked or an order stored; credentials that do not open were of a linked number."""
        try:
            linked = any((kept := rows.sessions.get(each)) and kept.paired for each in self._sessions.ids)
        except WrongKeyError:
            return True
        return linked or bool(rows.orders.latest(1))


def _stored(rows: Rows) -> SetupProgress | None:
    """Return the stored progress; None where there is none that reads."""
    found = read_fields(SETTING, rows.settings.get(SETTING), {"done": _read_steps, "skipped": _read_steps})
    done, skipped = found.get("done", frozenset()), found.get("skipped", frozenset())
    return SetupProgress(done, skipped - done) if found else None


def _text(progress: SetupProgress) -> str:
    return json.dumps({"done": sorted(progress.done), "skipped": sorted(progress.skipped)})


def _read_steps(value: object) -> frozenset[SetupStep]:
    """Return the known steps of a list; others belong to a later program."""
    if not isinstance(value, list):
        raise TypeError
    return frozenset(step for step in SetupStep if step in value)
