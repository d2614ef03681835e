"""What every Messenger promises about disappearing chats, and about a text that could not leave in time."""

from datetime import timedelta

import pytest

from app.domain.attempt import Accepted, Rejected, RejectionKind
from app.domain.lid import Lid
from tests.contracts.asked_messenger import AskedMessenger, jid_of, new_id
from tests.contracts.heard_messenger import MAIN, PATIENCE

DAY, WEEK = 86_400, 604_800
SOON = timedelta(milliseconds=700)


class DisappearingChats:
    @pytest.mark.parametrize("by_shop", [False, True])
    def test_timer_is_told_when_either_phone_sets_it(self, asked: AskedMessenger, *, by_shop: bool) -> None:
        async def story() -> None:
            ana = await asked.customer()
            for seconds in (DAY, 0):
                asked.heard.forget()
                await asked.sets_timer(ana, seconds, by_shop=by_shop)
                timer = await asked.heard.timer(ana)
                assert (timer.phone, timer.seconds) == (ana, seconds)
                assert abs(timer.at - asked.clock.now()) < timedelta(minutes=1)

        asked.run(story)

    def test_timer_set_while_the_messenger_was_away_is_told_at_the_login(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.messenger.disconnect(MAIN)
            await asked.closed()
            await asked.sets_timer(ana, WEEK)
            await asked.open()
            assert (await asked.heard.timer(ana)).seconds == WEEK

        asked.run(story)

    def test_timer_of_a_hidden_customer_is_told_by_account_id(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.hidden_customer()
            await asked.sets_timer(ana, DAY)
            timer = await asked.heard.timer(Lid(await asked.lid_of(ana)))
            assert (timer.phone, timer.seconds) == (None, DAY)

        asked.run(story)

    @pytest.mark.requirement("K6")
    @pytest.mark.parametrize("away", [False, True])
    def test_history_is_told_after_the_timers_that_were_read_in_it(
        self, asked: AskedMessenger, *, away: bool
    ) -> None:
        async def story() -> None:
            ana = await asked.customer()
            if away:
                await asked.messenger.disconnect(MAIN)
                await asked.closed()
            await asked.pushes_history(ana, DAY)
            if away:
                assert asked.heard.histories == 0
                await asked.open()
            await asked.heard.until_history()
            assert [timer.seconds for timer in asked.heard.timers if timer.phone == ana] == [DAY]
            assert asked.heard.histories == 1

        asked.run(story)

    def test_text_disappears_with_its_chat(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, plain, timed = await asked.customer(), new_id(), new_id()
            not_after = asked.clock.steady() + PATIENCE
            assert isinstance(await asked.send(ana, plain), Accepted)
            sent = asked.messenger.send_text(MAIN, jid_of(ana), "oi", timed, not_after, expiration_s=WEEK)
            assert isinstance(await sent, Accepted)
            assert await asked.expiration_of(ana, plain) == 0
            assert await asked.expiration_of(ana, timed) == WEEK

        asked.run(story)


class Deadlines:
    def test_text_that_could_not_leave_in_time_is_too_late_and_never_leaves(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            async with asked.stalled():
                not_after = asked.clock.steady() + SOON
                late = await asked.messenger.send_text(MAIN, jid_of(ana), "oi", message_id, not_after)
                assert late == Rejected(RejectionKind.TOO_LATE)
                assert asked.clock.steady() - not_after < timedelta(seconds=3)
            assert isinstance(await asked.send(ana, new_id()), Accepted)
            assert message_id not in [each for each, *_ in await asked.shown_to(ana)]

        asked.run(story)
