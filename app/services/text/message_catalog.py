"""Message catalog of all sentences outside the window: errors, states, the headless front end."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.customer_reply import EDITED_ELSEWHERE, TEXT, CustomerReply
from app.domain.errors import CocoLokoError
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.queue_block import BlockReason
from app.domain.rate_limit import Hold
from app.domain.session import SUSPENDED, SUSPENDED_UNTIL, ConnectionStatus


@dataclass(frozen=True, slots=True)
class Sentence:
    """Sentence about an event, with the one action to take."""

    text: str
    action: str

    def __str__(self) -> str:
        return f"{self.text} {self.action}"


class MessageCatalog:
    """`catalogue` is one language's file; a code that it lacks gets the sentence for the unexpected."""

    def __init__(self, catalogue: str) -> None:
        sections = json.loads(catalogue)
        self._errors: Mapping[str, tuple[str, str]] = sections.pop("errors")
        self._reasons: Mapping[str, tuple[str, str]] = sections.pop("reasons")
        self._holds: Mapping[str, tuple[str, str]] = sections.pop("holds")
        self._holds_too_late: Mapping[str, tuple[str, str]] = sections.pop("holds_too_late")
        self._blocks: Mapping[str, tuple[str, str]] = sections.pop("blocks")
        self._by_section: Mapping[str, Mapping[str, str]] = sections

    def of_error(self, error: CocoLokoError) -> Sentence:
        if (reason := error.facts.get("reason")) and error.code == "invalid_phone":
            text = f"{self.of_code(error.code).text[:-1]}: {self.say('phone_reasons', str(reason))}."
            return Sentence(text, self.of_code(error.code).action)
        by_reason = f"{error.code}.{reason}"
        return self.of_code(by_reason if by_reason in self._errors else error.code, error.facts)

    def of_code(self, code: str, facts: Mapping[str, str | int] | None = None) -> Sentence:
        found = self._errors.get(code) or self._errors["unexpected"]
        text, action = (part.format_map(_Facts(facts or {})) for part in found)
        return Sentence(text, action)

    def of_reason(self, reason: str) -> Sentence:
        """Return why a message did not go the usual way; WhatsApp's own number after a colon is of no use to people."""
        return Sentence(*self._reasons.get(reason.partition(":")[0], self._reasons["unexpected"]))

    def of_hold(self, hold: Hold, until: str) -> Sentence:
        """Return why a message waits, or will not go in time; `until` is the moment as the shop's clock shows it."""
        said = self._holds if hold.in_time else self._holds_too_late
        text, action = (part.format_map(_Facts({"until": until})) for part in said[hold.reason])
        return Sentence(text, action)

    def of_block(self, block: BlockReason) -> Sentence:
        """Return the sentence for the older message that blocks one."""
        return Sentence(*self._blocks[block])

    def of_status(self, status: ConnectionStatus) -> str:
        lamp = self.say("headless", "whatsapp", lamp=self.connection_in_short(status))
        return f"{lamp}. {self.of_connection(status)}" if status.reason else f"{lamp}."

    def of_connection(self, status: ConnectionStatus, section: str = "connection_reasons") -> str:
        """Return the sentence of a status's reason, with WhatsApp's code and the end of its ban."""
        facts: dict[str, int | datetime] = {} if status.code is None else {"code": status.code}
        if status.until:
            return self.say(section, status.reason or "", until=status.until.astimezone(), **facts)
        reason = SUSPENDED if status.reason == SUSPENDED_UNTIL else status.reason or ""
        return self.say(section, reason, **facts)

    def connection_in_short(self, status: ConnectionStatus) -> str:
        """Return the reason in two or three words, or the word of the state where that says enough."""
        section = "connection_reasons_in_short"
        if status.reason in self._by_section[section]:
            return self.of_connection(status, section)
        return self.say("lamp", status.state)

    def of_state(self, state: State) -> str:
        return self.say("states", state)

    def of_reply(self, reply: CustomerReply) -> str:
        """Return the customer's text; a reply of another kind is a short note, followed by its caption."""
        if reply.is_erased:
            return self.say("replies", "emptied")
        if reply.kind == TEXT:
            return reply.text or ""
        note = self.say("replies", reply.kind)
        if not reply.text:
            return note
        before = reply.kind == EDITED_ELSEWHERE
        return f"{note} {self.say('replies', 'before', text=reply.text) if before else reply.text}"

    def of_type(self, notification_type: NotificationType) -> str:
        return self.say("types", notification_type)

    def say(self, section: str, name: str, **facts: str | int | float | datetime) -> str:
        """Return a sentence of one section of the catalogue, or a missing one's `name`."""
        return self._by_section[section].get(name, name).format_map(_Facts(facts))


class _Facts(dict[str, object]):
    """Facts of a sentence; a missing one leaves a dash, never an exception in the middle of an explanation."""

    def __missing__(self, key: str) -> str:
        return "–"
