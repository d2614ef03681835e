"""Progress of pairing a phone, by QR code or by eight typed characters (S1)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from app.domain.close_policy import AfterClose
from app.domain.errors import CocoLokoError, PairingCodeRefusedError
from app.domain.phone import Phone, account_forms
from app.domain.session import (
    CODE_EXPIRED,
    CODE_LIVES,
    CODE_REFUSED,
    QR_EXPIRED,
    REPORTS_WITHIN,
    ConnectionState,
    LinkCode,
    PairingStep,
    QrCode,
)
from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.services.background_tasks import BackgroundTasks
from app.services.connection.status_publisher import StatusPublisher

_LONG = frozenset({AfterClose.HOURLY, AfterClose.UNTIL_BAN_ENDS})
_ON_OFFER = frozenset({PairingStep.AWAITING_SCAN, PairingStep.AWAITING_CODE})


class Pairing:
    """Pairing of one session; publishes each step in its status."""

    def __init__(
        self, messenger: Messenger, clock: Clock, tasks: BackgroundTasks, publisher: StatusPublisher
    ) -> None:
        self._messenger, self._clock, self._tasks, self._publisher = messenger, clock, tasks, publisher
        self._offered = asyncio.Event()
        self._by_code, self._changes, self._begun = False, 0, 0
        self._last_reason: str | None = None
        """Why the connection before this one ended; the status shows it only until the next try."""

    @property
    def was_offered(self) -> bool:
        """Whether WhatsApp has offered a pairing over the present connection."""
        return self._offered.is_set()

    @property
    def is_offered(self) -> bool:
        return self._publisher.now.pairing in _ON_OFFER

    @property
    def awaits_typing(self) -> bool:
        """Whether a code is displayed, which is void over any other connection."""
        return self._publisher.now.pairing is PairingStep.AWAITING_CODE

    def ends_with(self, after: AfterClose) -> bool:
        """Return whether a close ends the pairing; a person who looks at the page waits for no hour."""
        return self.awaits_typing or (self._publisher.now.pairing is not None and after in _LONG)

    def begin(self, *, by_code: bool) -> None:
        self.over()
        self._by_code = by_code
        self._begun += 1
        self._publisher.note(pairing=PairingStep.PREPARING)
        self._publisher.show(ConnectionState.CONNECTING)

    def connecting(self) -> None:
        self._offered.clear()
        self._changes += 1
        self._last_reason = self._publisher.now.reason
        if self._publisher.now.pairing is PairingStep.SCANNED:
            self._publisher.note(pairing=PairingStep.CONNECTING)

    def offered(self, qr: QrCode) -> None:
        self._offered.set()
        if not self._by_code:
            self._publisher.note(qr_code=qr, pairing=PairingStep.AWAITING_SCAN)
            self._publisher.show(ConnectionState.UNPAIRED)

    def scanned(self) -> None:
        self._publisher.note(qr_code=None, pairing_code=None, pairing=PairingStep.SCANNED)
        self._publisher.show(ConnectionState.CONNECTING)

    def over(self) -> None:
        self._by_code = False
        self._changes += 1
        self._publisher.note(qr_code=None, pairing_code=None, pairing=None)

    def why(self, reason: str | None) -> str | None:
        """Return the reason to display; a code always counts as expired, however it ended."""
        return CODE_EXPIRED if self._by_code and reason in (None, QR_EXPIRED) else reason

    async def ask_code(self, phone: Phone, give_up: Callable[[str], Awaitable[None]]) -> str | None:
        """Display a code for this phone, or return why there is none; `give_up` is called on expiry.

        Before the pairing WhatsApp does not say under which spelling the account is registered: one code is requested
        for each.
        """
        begun = self._begun
        if not await self._clock.wait(self._offered, REPORTS_WITHIN):
            given_up = not self._by_code or begun != self._begun
            return None if given_up else self._publisher.now.reason or self._last_reason or CODE_REFUSED
        changes = self._changes
        try:
            text = await self._agreed_code(phone)
        except CocoLokoError:
            return CODE_REFUSED if changes == self._changes else None
        if self._by_code and changes == self._changes:
            code = LinkCode(text, until=self._clock.now() + CODE_LIVES)
            self._publisher.note(pairing_code=code, pairing=PairingStep.AWAITING_CODE)
            self._publisher.show(ConnectionState.UNPAIRED)
            self._tasks.start(self._expire(code, give_up), "pairing_code_expires")
        return None

    async def _agreed_code(self, phone: Phone) -> str:
        """Return the one code of all spellings to which WhatsApp agrees; raises PairingCodeRefusedError."""
        text, changes = None, self._changes
        # The number's present spelling comes last, for a server may keep the newest request alone.
        for form in reversed(account_forms(phone)):
            if changes == self._changes:
                with suppress(PairingCodeRefusedError):
                    text = await self._messenger.pairing_code(self._publisher.now.session_id, form)
        if text is None:
            raise PairingCodeRefusedError
        return text

    async def _expire(self, code: LinkCode, give_up: Callable[[str], Awaitable[None]]) -> None:
        await self._clock.sleep(CODE_LIVES)
        if self._publisher.now.pairing_code == code:
            await give_up(CODE_EXPIRED)
