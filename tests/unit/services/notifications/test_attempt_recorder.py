"""Attempt recorder: failures while an attempt's end or the next start is written."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.attempt import Accepted
from app.domain.contact import Contact
from app.domain.identifiers import MessageId, NotificationId, OrderId, notification_id
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows
from app.services.notifications.attempt_recorder import AttemptRecorder, FinishedAttempt, StartedAttempt
from app.services.notifications.contact_history import record_sent
from tests.harness.shop import MAIN, PATIENT, Shop, in_shop

LEDGER = AttemptRecorder("me", lambda: PATIENT, MAIN)
ANYBODY = Eligibility(MAIN)
ACQUAINTED_ONLY = Eligibility(MAIN, cold=False)
NEVER_QUEUED = notification_id(OrderId("never"), NotificationType.READY, 1)


async def leased(shop: Shop, state: State = State.PENDING) -> Notification:
    """A row under our lease that nobody else works on."""
    await shop.core.queue.pause()
    order = shop.order(1)
    await shop.see(order)
    lease = Lease("me", shop.clock.now() + timedelta(minutes=1))
    row = replace(await shop.message(order), lease=lease, state=state)
    await shop.store.transact(lambda rows: rows.notifications.save(row))
    return row


def begin(rows: Rows, row_id: NotificationId, eligible: Eligibility, at: datetime) -> StartedAttempt | None:
    row = rows.notifications.get(row_id)
    assert row is not None
    return next(iter(LEDGER.begin(rows, [row], eligible, at)), None)


def test_settle_leaves_out_a_row_that_is_gone() -> None:
    async def story(shop: Shop) -> None:
        at = shop.clock.now()
        ended = FinishedAttempt(NEVER_QUEUED, Accepted(at), None)
        assert await shop.store.transact(lambda rows: LEDGER.settle(rows, [ended], at)) == []

    in_shop(story)


def test_an_end_that_tells_nothing_new_changes_nothing() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        told, later = await shop.message(order), shop.clock.now() + timedelta(minutes=1)
        ended = FinishedAttempt(told.id, Accepted(later), None)
        assert await shop.store.transact(lambda rows: LEDGER.settle(rows, [ended], later)) == [told]
        assert await shop.message(order) == told

    in_shop(story)


@pytest.mark.requirement("Q9")
def test_begin_leaves_a_first_contact_unchanged_when_it_is_held() -> None:
    async def story(shop: Shop) -> None:
        row, at = await leased(shop), shop.clock.now()
        await shop.store.transact(lambda rows: rows.contacts.save(row.phone, Contact(MAIN)))
        begun = await shop.store.transact(lambda rows: begin(rows, row.id, ACQUAINTED_ONLY, at))
        assert begun is None
        assert await shop.message(shop.order(1)) == row

    in_shop(story)


@pytest.mark.requirement("Q7")
@pytest.mark.parametrize("eligible", [ANYBODY, ACQUAINTED_ONLY])
def test_what_was_taken_back_since_it_was_leased_is_not_begun(eligible: Eligibility) -> None:
    async def story(shop: Shop) -> None:
        row, at = await leased(shop, State.CANCELLED), shop.clock.now()
        begun = await shop.store.transact(lambda rows: begin(rows, row.id, eligible, at))
        assert begun is None
        assert await shop.message(shop.order(1)) == row

    in_shop(story)


@pytest.mark.requirement("Q5")
@pytest.mark.parametrize("lost", ["nobody's", "another's", "over"])
def test_what_is_under_our_lease_no_more_is_not_begun(lost: str) -> None:
    async def story(shop: Shop) -> None:
        row, at = await leased(shop), shop.clock.now()
        leases = {
            "nobody's": None,
            "another's": Lease("you", at + timedelta(minutes=1)),
            "over": Lease("me", at),
        }
        changed = replace(row, lease=leases[lost])
        await shop.store.transact(lambda rows: rows.notifications.save(changed))
        assert await shop.store.transact(lambda rows: begin(rows, row.id, ANYBODY, at)) is None
        assert await shop.message(shop.order(1)) == changed

    in_shop(story)


def test_who_was_told_nothing_is_no_acquaintance() -> None:
    async def story(shop: Shop) -> None:
        row = replace(await leased(shop), sent_at=None, message_id=MessageId("M"))
        before = await shop.store.read(lambda rows: rows.contacts.get(row.phone))
        await shop.store.transact(lambda rows: record_sent(rows, row))
        assert await shop.store.read(lambda rows: rows.contacts.get(row.phone)) == before

    in_shop(story)


def test_what_cannot_be_read_any_more_is_given_up_instead_of_begun() -> None:
    async def story(shop: Shop) -> None:
        row, at = await leased(shop), shop.clock.now()

        def work(rows: Rows) -> StartedAttempt | None:
            rows.notifications.rewrite(replace(row, text=""))
            return begin(rows, row.id, ANYBODY, at)

        begun = await shop.store.transact(work)
        failed = replace(row, text="", state=State.FAILED, reason="unreadable", lease=None, changed_at=at)
        assert begun == StartedAttempt(failed, cold=False)
        assert await shop.message(shop.order(1)) == failed

    in_shop(story)
