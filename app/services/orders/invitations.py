"""Invitations to customers to write first: chat links, posters and till receipts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.claim_text import chat_link
from app.domain.errors import NoNumberError, PaperRefusedError, UnknownOrderError
from app.domain.identifiers import OrderId, SessionId
from app.domain.order import Order
from app.domain.phone import Phone
from app.ports.paper import Paper, PaperKind, Poster, RollWidth, TillReceipt
from app.ports.store import Rows, Store

_STEPS: Final = ("step_1", "step_2", "step_3")


@dataclass(frozen=True, slots=True)
class Invitations:
    """Links and papers of `sessions`, the shop's numbers, first one preferred; `words` are printed on paper."""

    store: Store
    paper: Paper
    sessions: Sequence[SessionId]
    shop_name: Callable[[], str]
    words: Mapping[str, str]

    async def link(self, session_id: SessionId | None = None) -> str:
        """Return the link to the chat with this number, or with the shop's first; raises NoNumberError."""
        return chat_link(await self._number(session_id))

    async def order_link(self, order_id: OrderId, session_id: SessionId | None = None) -> str:
        """Return the link with the order's number in the text; raises UnknownOrderError, NoNumberError."""
        asked = self._asked(session_id)
        order, number = await self.store.read(lambda rows: _order_and_number(rows, order_id, asked))
        return chat_link(number, order.number)

    async def poster(self, kind: PaperKind, session_id: SessionId | None = None) -> bytes:
        number = await self._number(session_id)
        shown = self.words["number"].format(number=number.national)
        steps = tuple(self.words[step] for step in _STEPS)
        title, note = self.words["title"], self.words["note"]
        sheet = Poster(self.shop_name(), chat_link(number), shown, title, steps, note)
        return await self.paper.poster(sheet, kind)

    async def receipt(self, order_id: OrderId, width: RollWidth, kind: PaperKind) -> bytes:
        order, number = await self.store.read(lambda rows: _order_and_number(rows, order_id, self.sessions))
        heading = self.words["receipt_heading"].format(number=order.number)
        link = chat_link(number, order.number)
        return await self.paper.till_receipt(
            TillReceipt(link, heading, self.words["receipt_words"], width), kind
        )

    async def save_poster(self, file: Path, session_id: SessionId | None = None) -> None:
        """Save in the format of the file's ending; raises PaperRefusedError, NoNumberError."""
        await self.paper.keep(file, await self.poster(kind_of(file), session_id))

    async def save_receipt(self, file: Path, order_id: OrderId, width: RollWidth) -> None:
        """Save in the format of the file's ending; raises PaperRefusedError, UnknownOrderError, NoNumberError."""
        await self.paper.keep(file, await self.receipt(order_id, width, kind_of(file)))

    async def _number(self, session_id: SessionId | None) -> Phone:
        return await self.store.read(lambda rows: _paired(rows, self._asked(session_id)))

    def _asked(self, session_id: SessionId | None) -> Sequence[SessionId]:
        return self.sessions if session_id is None else (session_id,)


def kind_of(file: Path) -> PaperKind:
    try:
        return PaperKind(file.suffix.lower().removeprefix("."))
    except ValueError:
        raise PaperRefusedError(reason="ending") from None


def _order_and_number(rows: Rows, order_id: OrderId, sessions: Sequence[SessionId]) -> tuple[Order, Phone]:
    order = rows.orders.get(order_id)
    if order is None:
        raise UnknownOrderError
    return order, _paired(rows, sessions)


def _paired(rows: Rows, sessions: Sequence[SessionId]) -> Phone:
    for session_id in sessions:
        session = rows.sessions.get(session_id)
        if session and session.paired and session.phone:
            return session.phone
    raise NoNumberError
