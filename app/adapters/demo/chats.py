"""Chats of the simulated phones: owners, their texts, and when each bubble was first seen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.ports.clock import Clock
from app.ports.training import ChatMessage, SimulatedPhone

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Chats:
    """Both sides of each chat in order; the simulator shows bubbles without a time, and only arriving ones."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._names: dict[str, str] = {}
        self._seen: dict[tuple[str, str], datetime] = {}
        self._written: dict[str, list[ChatMessage]] = {}

    def introduce(self, number: str, name: str) -> None:
        self._names[number] = name

    def wrote(self, number: str, text: str) -> None:
        self._written.setdefault(number, []).append(ChatMessage(text, from_shop=False, at=self._clock.now()))

    def phones(self, bubbles: Iterable[Mapping[str, Any]]) -> Sequence[SimulatedPhone]:
        """Return the phones with their chats, latest first.

        `bubbles` are as the admin interface answers them; phones that were not introduced are the shop's own.
        """
        chats = {number: list(self._written.get(number, ())) for number in self._names}
        for bubble in bubbles:
            if (chat := chats.get(bubble["number"])) is not None:
                at = self._seen.setdefault((bubble["number"], bubble["id"]), self._clock.now())
                chat.append(ChatMessage(bubble["text"] or "", from_shop=True, at=at))
        phones = [
            SimulatedPhone(number, self._names[number], sorted(chat, key=lambda message: message.at))
            for number, chat in chats.items()
        ]
        return sorted(phones, key=_last_at, reverse=True)


def _last_at(phone: SimulatedPhone) -> datetime:
    return phone.chat[-1].at if phone.chat else _BEFORE_ALL
