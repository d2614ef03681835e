"""Rows of customers' inbound messages: sealed, under blind indexes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, text, update

from app.adapters.sqlite.alias_lookup import AliasLookup
from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.conditions import NOT_EMPTIED, OF_ACCOUNT, UNREAD
from app.adapters.sqlite.customer_index import CustomerIndexes
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.customer_reply import REACTION, TEXT, WITHDRAWN, Author, CustomerReply
from app.domain.customer_reply import UNREADABLE as UNREADABLE_KIND
from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.lid import Address, Lid, address_of
from app.domain.phone import NO_PHONE

# Without these, author and moment are unknown; without the others it is an unreadable text.
_NEEDED: Final = frozenset({"message_id", "session_id", "received_at"})


class SqlReplyRows:
    """Replies in SQL; a text that does not open has the kind "unreadable" until the phone sends it again."""

    def __init__(self, connection: Connection, given: RowDependencies, aliases: AliasLookup) -> None:
        self._connection = connection
        self._sealer, self._saved = given.sealer, given.indexes.saved
        self._exact = given.indexes.exact
        self._indexes = CustomerIndexes(aliases, given.indexes)
        self._cells, self._entropy = given.cells, given.entropy
        self._rows, self._notifications = given.tables.inbound, given.tables.notifications
        self._check = RowCheck(self._rows.name, list(self._rows.c), given.cells)

    def keep(self, reply: CustomerReply, lid: Lid | None = None) -> bool:
        known = self._known(Author(reply.phone, lid), self._rows.c.message_id == str(reply.message_id))
        if known is None:
            values = self._values(reply, self._entropy.uuid())
            values["lid_index"] = None if lid is None else self._exact(lid)
            self._connection.execute(insert(self._rows).values(values))
            return True
        kept = self._reply(known)
        if kept is not None and not reply.replaces(kept):
            return False
        row_id = known.id if isinstance(known.id, UUID) else self._entropy.uuid()
        renewed = self._values(reply, row_id)
        if kept is not None:
            renewed |= {"received_at": kept.received_at, "live": kept.live, "session_id": kept.session_id}
        changed = update(self._rows).where(self._rows.c.seq == known.seq)
        self._connection.execute(changed.values({**renewed, "read_at": None}))
        return True

    def find(self, author: Author, message_id: MessageId) -> CustomerReply | None:
        found = self._known(author, self._rows.c.message_id == str(message_id))
        return None if found is None else self._reply(found)

    def reaction(self, author: Author, about: MessageId) -> CustomerReply | None:
        rows = self._rows.c
        on_it = and_(rows.about == str(about), rows.kind.in_((REACTION, WITHDRAWN)))
        found = self._known(author, on_it)
        return None if found is None else self._reply(found)

    def rewrite(self, author: Author, reply: CustomerReply) -> None:
        known = self._known(author, self._rows.c.message_id == str(reply.message_id))
        if known is None:
            raise LookupError("only what was found can be rewritten")
        row_id = known.id if isinstance(known.id, UUID) else self._entropy.uuid()
        names = ["kind", "content", "changed_at", "read_at"]
        if row_id != known.id:
            # Cells sealed for the damaged id do not open again: they are sealed for the new one.
            names += ["id", "customer_phone"]
        values = self._values(reply, row_id)
        changed = update(self._rows).where(self._rows.c.seq == known.seq)
        self._connection.execute(changed.values({name: values[name] for name in names}))

    def of_order(self, order_id: OrderId) -> Sequence[CustomerReply]:
        rows = self._rows
        theirs = select(rows).where(rows.c.order_id == order_id).order_by(rows.c.received_at, rows.c.seq)
        found = map(self._reply, self._connection.execute(theirs))
        return [reply for reply in found if reply]

    def texts_since(
        self, order_ids: Sequence[OrderId], moment: datetime, limit: int
    ) -> Mapping[OrderId, Sequence[CustomerReply]]:
        rows = self._rows.c
        since = or_(rows.received_at >= moment, rows.changed_at >= moment)
        newest = (rows.received_at.desc(), rows.seq.desc())
        place = func.row_number().over(partition_by=rows.order_id, order_by=newest).label("place")
        texts = select(rows.seq, place).where(rows.order_id.in_(order_ids), rows.kind == TEXT, since)
        ranked = texts.subquery("ranked")
        latest = select(ranked.c.seq).where(ranked.c.place <= limit)
        asked = select(self._rows).where(rows.seq.in_(latest)).order_by(*newest)
        found: dict[OrderId, list[CustomerReply]] = {}
        for reply in map(self._reply, self._connection.execute(asked)):
            if reply and reply.order_id:
                found.setdefault(reply.order_id, []).append(reply)
        return found

    def unread(self, order_ids: Sequence[OrderId]) -> Mapping[OrderId, int]:
        order_id = self._rows.c.order_id
        counted = select(order_id, func.count()).where(order_id.in_(order_ids), text(UNREAD))
        found = self._connection.execute(counted.group_by(order_id))
        return {OrderId(row[0]): row[1] for row in found if row[0] is not UNREADABLE}

    def mark_read(self, order_id: OrderId, at: datetime) -> int:
        unread = update(self._rows).where(self._rows.c.order_id == order_id, text(UNREAD))
        return self._connection.execute(unread.values(read_at=at)).rowcount

    def claims_of(self, lid: Lid, since: datetime) -> Sequence[CustomerReply]:
        rows = self._rows
        theirs = and_(rows.c.lid_index == self._exact(lid), text(OF_ACCOUNT), rows.c.received_at >= since)
        texts = theirs & rows.c.order_id.is_not(None) & (rows.c.kind == TEXT)
        found = map(self._reply, self._connection.execute(select(rows).where(texts).order_by(rows.c.seq)))
        return [reply for reply in found if reply and reply.text]

    def told_order_of(self, customer: Address) -> OrderId | None:
        rows = self._notifications.c
        aliases = self._indexes.of(customer)
        told = select(rows.order_id).where(rows.phone_index.in_(aliases), rows.order_id.is_not(None))
        found = self._connection.execute(told.order_by(rows.seq.desc()).limit(1)).scalar()
        return OrderId(found) if isinstance(found, str) else None

    def _known(self, author: Author, which: ColumnElement[bool]) -> Row[Any] | None:
        """Return the author's first row that meets the condition.

        The condition stands in both branches, so that each is answered by an index of its own.
        """
        rows = self._rows
        branches = []
        known = [address for address in (author.phone, author.lid) if address and address != NO_PHONE]
        if known:
            theirs = [*dict.fromkeys(chain.from_iterable(self._indexes.of_all(known)))]
            branches = [
                and_(rows.c.phone_index.in_(theirs), which),
                and_(rows.c.lid_index.in_(theirs), text(OF_ACCOUNT), which),
            ]
        unknown = and_(rows.c.phone_index == b"", rows.c.lid_index.is_(None), text(NOT_EMPTIED), which)
        same = or_(*branches) if branches else unknown
        return self._connection.execute(select(rows).where(same).order_by(rows.c.seq).limit(1)).first()

    def _values(self, reply: CustomerReply, row_id: UUID) -> dict[str, Any]:
        return {
            "id": row_id,
            "message_id": reply.message_id,
            "session_id": reply.session_id,
            "phone_index": self._writer(reply.phone),
            "customer_phone": self._sealed("customer_phone", row_id, reply.phone.text),
            "kind": reply.kind,
            "content": None if reply.text is None else self._sealed("content", row_id, reply.text),
            "received_at": reply.received_at,
            "live": reply.live,
            "order_id": reply.order_id,
            "read_at": reply.read_at,
            "about": reply.about,
            "changed_at": reply.changed_at,
        }

    def _writer(self, address: Address) -> bytes:
        """Return the blind index of a reply's address, empty where its author is unknown."""
        return b"" if address == NO_PHONE else self._saved(address)

    def _sealed(self, column: str, row_id: UUID, text: str) -> bytes:
        return self._sealer.seal(self._rows.name, column, row_id, text)

    def _reply(self, row: Row[Any]) -> CustomerReply | None:
        faults = self._check.faults(row, row.seq)
        if _NEEDED.intersection(faults):
            return None
        emptied = row.emptied_at is not None and row.emptied_at is not UNREADABLE
        text = None if emptied else self._sealer.open(self._rows.name, "content", row.id, row.content)
        lost = row.content is not None and text is None and not emptied
        return CustomerReply(
            message_id=MessageId(row.message_id),
            session_id=SessionId(row.session_id),
            phone=NO_PHONE if emptied else self._phone(row),
            kind=UNREADABLE_KIND if lost or "kind" in faults else row.kind,
            text=text,
            received_at=row.received_at,
            live=row.live is True,
            order_id=_known(row.order_id),
            read_at=_known(row.read_at),
            is_erased=emptied,
            about=_known(row.about),
            changed_at=_known(row.changed_at),
        )

    def _phone(self, row: Row[Any]) -> Address:
        """Return the address; NO_PHONE where it is unknown, does not open or contradicts the row's blind index."""
        number = self._sealer.open(self._rows.name, "customer_phone", row.id, row.customer_phone)
        if not number:
            return NO_PHONE
        address = address_of(number)
        if self._writer(address) != row.phone_index:
            self._cells.report(self._rows.name, "phone_index", row.seq)
            return NO_PHONE
        return address


def _known(cell: Any) -> Any:  # noqa: ANN401 - the type of its column
    return None if cell is UNREADABLE else cell
