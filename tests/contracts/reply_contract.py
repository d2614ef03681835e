"""What every Store promises about what customers wrote."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from app.domain.customer_reply import Author, CustomerReply
from app.domain.identifiers import MessageId, OrderId
from app.domain.lid import Lid
from app.domain.phone import NO_PHONE, Phone
from app.ports.store import Rows
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked, owed

O1, O2 = OrderId("o1"), OrderId("o2")
OI = CustomerReply(MessageId("3A1"), MAIN, ANA, "text", "chego em 5 min", NOW, live=True, order_id=O1)


class Replies:
    @pytest.mark.requirement("X3")
    def test_what_was_kept_is_found_with_its_order_oldest_first(self, asked: Asked) -> None:
        photo = replace(OI, message_id=MessageId("3A2"), kind="image", text=None, received_at=NOW - SOON)
        other = replace(OI, message_id=MessageId("3A3"), order_id=O2)
        assert (
            asked.transact(lambda rows: [rows.replies.keep(each) for each in (OI, photo, other)])
            == [True] * 3
        )
        assert asked.read(lambda rows: rows.replies.of_order(O1)) == [photo, OI]
        assert asked.read(lambda rows: rows.replies.of_order(OrderId("o3"))) == []

    def test_the_same_message_is_kept_once_in_either_form_of_the_number(self, asked: Asked) -> None:
        same = replace(OI, phone=Phone("+557399998537"), text="again")
        other = replace(OI, phone=BIA, text="another writer's")
        hidden = replace(OI, phone=NO_PHONE, text="nobody knows whose")
        kept = asked.transact(
            lambda rows: [rows.replies.keep(each) for each in (OI, OI, same, other, hidden, hidden)]
        )
        assert kept == [True, False, False, True, True, False]

    def test_unread_reply_is_replaced_by_its_text_and_never_vice_versa(self, asked: Asked) -> None:
        unreadable = replace(OI, kind="unreadable", text=None)

        def work(rows: Rows) -> list[bool]:
            first = rows.replies.keep(unreadable)
            rows.replies.mark_read(O1, NOW)
            return [first, *(rows.replies.keep(each) for each in (unreadable, OI, unreadable, OI))]

        assert asked.transact(work) == [True, False, True, False, False]
        assert asked.read(lambda rows: rows.replies.of_order(O1)) == [OI]

    def test_once_it_can_be_read_it_may_turn_out_to_be_about_another_order(self, asked: Asked) -> None:
        unreadable = replace(OI, kind="unreadable", text=None)
        read = replace(OI, order_id=O2)
        kept = asked.transact(lambda rows: [rows.replies.keep(each) for each in (unreadable, read, OI)])
        assert kept == [True, True, False]
        assert asked.read(lambda rows: (rows.replies.of_order(O1), rows.replies.of_order(O2))) == ([], [read])

    @pytest.mark.requirement("K9")
    def test_texts_since_a_moment_come_newest_first_with_edited_ones(self, asked: Asked) -> None:
        later = replace(OI, message_id=MessageId("3A2"), text="1", received_at=NOW + SOON)
        same = replace(later, message_id=MessageId("3A3"), text="9")
        photo = replace(later, message_id=MessageId("3A4"), kind="image", text="1")
        other = replace(later, message_id=MessageId("3A5"), order_id=O2)
        edited = replace(OI, message_id=MessageId("3A6"), received_at=NOW - SOON, changed_at=NOW + SOON)
        kept = (later, same, photo, other, edited, OI)
        asked.transact(lambda rows: [rows.replies.keep(each) for each in kept])
        for since, limit, expected in (
            (NOW, 9, {O1: [same, later, OI, edited], O2: [other]}),
            (NOW, 2, {O1: [same, later], O2: [other]}),
            (NOW + SOON, 9, {O1: [same, later, edited], O2: [other]}),
            (NOW + LATER, 9, {}),
        ):
            assert asked.read(partial(_texts, since=since, limit=limit)) == expected

    def test_unread_ones_are_counted_by_order_until_they_are_seen(self, asked: Asked) -> None:
        more = replace(OI, message_id=MessageId("3A2"))
        other = replace(OI, message_id=MessageId("3A3"), order_id=O2)
        asked.transact(lambda rows: [rows.replies.keep(each) for each in (OI, more, other)])
        assert dict(asked.read(lambda rows: rows.replies.unread([O1, O2, OrderId("o3")]))) == {O1: 2, O2: 1}
        assert [asked.transact(lambda rows: rows.replies.mark_read(O1, NOW + LATER)) for _ in range(2)] == [
            2,
            0,
        ]
        assert dict(asked.read(lambda rows: rows.replies.unread([O1, O2]))) == {O2: 1}
        assert asked.read(lambda rows: rows.replies.of_order(O1))[0].read_at == NOW + LATER

    def test_the_order_a_customer_was_told_about_last_is_found_in_either_form(self, asked: Asked) -> None:
        asked.add(owed("o1"), owed("o2"), owed("o3", phone=BIA))
        forms = (ANA, Phone("+557399998537"), BIA, Phone("+5571900000000"))
        found = asked.read(lambda rows: [rows.replies.told_order_of(each) for each in forms])
        assert found == ["o2", "o2", "o3", None]

    @pytest.mark.requirement("K9")
    def test_reply_is_found_for_its_author_by_number_and_by_account(self, asked: Asked) -> None:
        hidden = replace(OI, phone=NO_PHONE, message_id=MessageId("3A2"))
        asked.transact(
            lambda rows: (rows.replies.keep(OI, Lid("77@lid")), rows.replies.keep(hidden, Lid("88@lid")))
        )
        either = Phone("+557399998537")
        for author in (
            Author(ANA),
            Author(either),
            Author(NO_PHONE, Lid("77@lid")),
            Author(BIA, Lid("77@lid")),
        ):
            assert asked.read(partial(_found, author=author, name="3A1")) == OI
        for author in (
            Author(BIA),
            Author(NO_PHONE),
            Author(NO_PHONE, Lid("88@lid")),
            Author(BIA, Lid("88@lid")),
        ):
            assert asked.read(partial(_found, author=author, name="3A1")) is None
        assert asked.read(partial(_found, author=Author(NO_PHONE, Lid("88@lid")), name="3A2")) == hidden
        assert asked.read(partial(_found, author=Author(NO_PHONE), name="3A2")) is None

    def test_same_id_of_two_hidden_authors_is_two_replies(self, asked: Asked) -> None:
        hidden = replace(OI, phone=NO_PHONE)
        lids = (Lid("77@lid"), Lid("88@lid"), Lid("77@lid"), None, None)
        kept = asked.transact(lambda rows: [rows.replies.keep(hidden, lid) for lid in lids])
        assert kept == [True, True, False, True, False]

    @pytest.mark.requirement("K9")
    def test_reply_is_rewritten_for_its_author_alone(self, asked: Asked) -> None:
        other = replace(OI, phone=BIA)
        asked.transact(
            lambda rows: (rows.replies.keep(OI), rows.replies.keep(other), rows.replies.mark_read(O1, NOW))
        )
        edited = replace(OI, text="em 10", changed_at=NOW + SOON, read_at=None)
        asked.transact(lambda rows: rows.replies.rewrite(Author(Phone("+557399998537")), edited))
        assert asked.read(lambda rows: rows.replies.of_order(O1)) == [edited, replace(other, read_at=NOW)]
        assert dict(asked.read(lambda rows: rows.replies.unread([O1]))) == {O1: 1}
        deleted = replace(edited, kind="deleted", text=None, changed_at=NOW + LATER, read_at=NOW + LATER)
        asked.transact(lambda rows: rows.replies.rewrite(Author(ANA), deleted))
        assert asked.read(lambda rows: rows.replies.of_order(O1))[0] == deleted
        with pytest.raises(LookupError):
            asked.transact(lambda rows: rows.replies.rewrite(Author(NO_PHONE, Lid("99@lid")), deleted))

    @pytest.mark.requirement("K9")
    def test_reaction_is_found_by_what_it_is_on_also_when_taken_back(self, asked: Asked) -> None:
        on, reaction = MessageId("3EB0"), replace(OI, kind="reaction", text="👍", about=MessageId("3EB0"))
        text = replace(OI, message_id=MessageId("3A2"), about=on)
        asked.transact(lambda rows: (rows.replies.keep(text), rows.replies.keep(reaction)))
        assert asked.read(lambda rows: rows.replies.reaction(Author(ANA), on)) == reaction
        assert asked.read(lambda rows: rows.replies.reaction(Author(BIA), on)) is None
        assert asked.read(lambda rows: rows.replies.reaction(Author(ANA), MessageId("3EB1"))) is None
        gone = replace(reaction, kind="withdrawn", text=None, read_at=NOW, changed_at=NOW)
        asked.transact(lambda rows: rows.replies.rewrite(Author(ANA), gone))
        assert asked.read(lambda rows: rows.replies.reaction(Author(ANA), on)) == gone

    @pytest.mark.requirement("K5")
    def test_emptied_reply_is_no_authors_any_more(self, asked: Asked) -> None:
        asked.transact(
            lambda rows: rows.replies.keep(replace(OI, received_at=NOW - timedelta(days=100)), Lid("77@lid"))
        )
        asked.date(NOW - timedelta(days=100))
        asked.transact(lambda rows: rows.retention.empty(NOW - timedelta(days=90), NOW, 9))
        for author in (Author(ANA), Author(NO_PHONE, Lid("77@lid")), Author(NO_PHONE)):
            assert asked.read(partial(_found, author=author, name="3A1")) is None

    @pytest.mark.requirement("X6")
    def test_an_old_one_is_emptied_and_then_goes(self, asked: Asked) -> None:
        young = replace(OI, message_id=MessageId("3A2"), received_at=NOW)
        old = replace(OI, received_at=NOW - timedelta(days=100))
        asked.transact(lambda rows: [rows.replies.keep(each) for each in (old, young)])
        asked.date(NOW - timedelta(days=100))
        limit = NOW - timedelta(days=90)
        assert [asked.transact(lambda rows: rows.retention.empty(limit, NOW, 9)) for _ in range(2)] == [1, 0]
        emptied = replace(old, phone=NO_PHONE, text=None, is_erased=True)
        assert asked.read(lambda rows: rows.replies.of_order(O1)) == [emptied, young]
        assert asked.transact(lambda rows: rows.retention.delete(limit, NOW, 9)) == 1
        assert asked.read(lambda rows: rows.replies.of_order(O1)) == [young]


def _found(rows: Rows, *, author: Author, name: str) -> CustomerReply | None:
    return rows.replies.find(author, MessageId(name))


def _texts(rows: Rows, since: datetime, limit: int) -> dict[OrderId, list[CustomerReply]]:
    found = rows.replies.texts_since([O1, O2, OrderId("o3")], since, limit)
    return {order_id: list(texts) for order_id, texts in found.items()}
