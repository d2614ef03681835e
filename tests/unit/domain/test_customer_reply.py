"""Customer's reply: what an edit, a deletion and another reaction make of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.customer_reply import (
    DELETED,
    EDITED_ELSEWHERE,
    REACTION,
    TEXT,
    UNREADABLE,
    WITHDRAWN,
    CustomerReply,
)
from app.domain.identifiers import MessageId
from tests.contracts.asked_store import ANA, MAIN, NOW

pytestmark = pytest.mark.requirement("K9")
LATER = NOW + timedelta(minutes=1)
EARLIER = NOW - timedelta(minutes=1)
READ = CustomerReply(MessageId("3EB0"), MAIN, ANA, TEXT, "Sem gelo", EARLIER, live=True, read_at=EARLIER)
EDITED = replace(READ, text="Com gelo", changed_at=NOW)
LIKED = replace(READ, kind=REACTION, text="👍", about=MessageId("3EB1"))


@pytest.mark.parametrize("kind", [TEXT, UNREADABLE, EDITED_ELSEWHERE])
def test_edit_gives_the_text_and_the_moment_and_is_unread(kind: str) -> None:
    edited = replace(READ, kind=TEXT, text="Com gelo", changed_at=LATER, read_at=None)
    assert replace(READ, kind=kind).after_edit("Com gelo", LATER) == edited


def test_edit_keeps_a_kind_that_has_a_caption() -> None:
    edited = replace(READ, kind="image").after_edit("Este", LATER)
    assert edited is not None
    assert edited.kind == "image"


def test_edit_that_only_the_phone_can_decrypt_keeps_the_text_before_it() -> None:
    elsewhere = replace(READ, kind=EDITED_ELSEWHERE, changed_at=LATER, read_at=None)
    assert READ.after_edit(None, LATER) == elsewhere


def test_edit_counts_when_only_the_text_or_only_the_moment_is_new() -> None:
    assert EDITED.after_edit("Com gelo", NOW) is None
    assert EDITED.after_edit("Pouco gelo", NOW) == replace(EDITED, text="Pouco gelo", read_at=None)
    assert EDITED.after_edit("Com gelo", LATER) == replace(EDITED, changed_at=LATER, read_at=None)


@pytest.mark.parametrize(
    "settled",
    [
        replace(EDITED, changed_at=LATER + timedelta(seconds=1)),
        replace(READ, kind=DELETED),
        replace(READ, is_erased=True),
        LIKED,
    ],
    ids=["edited later", "deleted", "erased", "a reaction"],
)
def test_edit_changes_nothing_when_the_reply_is_settled(settled: CustomerReply) -> None:
    assert settled.after_edit("Outro", LATER) is None


def test_deletion_takes_the_text_and_gives_the_moment() -> None:
    gone = replace(READ, kind=DELETED, text=None, changed_at=LATER, read_at=None)
    assert READ.after_deletion(LATER) == gone
    assert gone.after_deletion(LATER) is None
    assert replace(READ, is_erased=True).after_deletion(LATER) is None


def test_reaction_is_exchanged_at_its_moment_and_unread() -> None:
    exchanged = replace(LIKED, text="❤️", changed_at=LATER, read_at=None)
    assert LIKED.after_reaction("❤️", LATER) == exchanged
    assert exchanged.after_reaction("🙏", LATER) == replace(exchanged, text="🙏")


def test_reaction_taken_back_is_read_at_that_moment_unless_it_was() -> None:
    withdrawn = replace(LIKED, kind=WITHDRAWN, text=None, changed_at=LATER)
    assert LIKED.after_reaction(None, LATER) == withdrawn
    assert replace(LIKED, read_at=None).after_reaction(None, LATER) == replace(withdrawn, read_at=LATER)


def test_reaction_changes_nothing_when_it_is_older_or_the_same() -> None:
    assert LIKED.after_reaction("👍", LATER) is None
    assert LIKED.after_reaction("❤️", EARLIER - timedelta(seconds=1)) is None
    assert replace(LIKED, changed_at=LATER).after_reaction("❤️", NOW) is None
    assert replace(LIKED, is_erased=True).after_reaction("❤️", LATER) is None
