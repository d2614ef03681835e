"""What every Messenger promises about its connection and about texts that are answered."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.attempt import Accepted, Rejected, RejectionKind
from app.domain.close_policy import CloseCause
from app.domain.errors import CredentialsUnreadableError, NotConnectedError, SidecarGoneError
from app.domain.identifiers import SessionId
from app.ports.messenger import LinkState
from tests.contracts.asked_messenger import AskedMessenger, jid_of, new_id
from tests.contracts.heard_messenger import MAIN, PATIENCE

NOT_CONNECTED = Rejected(RejectionKind.NOT_CONNECTED)


class Connecting:
    def test_a_connection_is_begun_then_open_and_drained_once_each(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            await asked.open()
            first, *later = (change.state for change in asked.heard.links)
            assert first is LinkState.CONNECTING
            assert sorted(later) == [LinkState.DRAINED, LinkState.OPEN]
            (opened,) = (change for change in asked.heard.links if change.state is LinkState.OPEN)
            assert opened.phone == asked.heard.session.phone
            assert opened.phone is not None
            await asked.messenger.ping(MAIN)

        asked.run(story)

    def test_messenger_is_never_available_while_the_account_changes(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.account_changes()
            assert isinstance(await asked.send(ana, new_id()), Accepted)
            assert await asked.times_available() == 0

        asked.run(story)

    def test_messenger_writes_no_line_after_a_cut_closed_the_connection(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.drop()
            assert await asked.closed() == 428
            assert await asked.send(ana, new_id()) == NOT_CONNECTED
            assert await asked.shown_to(ana) == []
            await asked.open()
            assert await asked.shown_to(ana) == []
            assert asked.heard.codes == []

        asked.run(story)

    def test_login_that_is_refused_closes_with_its_code_and_the_end_of_a_ban(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            await asked.refuses_login(402, timedelta(hours=3))
            closed = await asked.fail_to_open()
            assert (closed.code, closed.cause, closed.expires_in) == (402, None, timedelta(hours=3))
            await asked.refuses_login(409)
            closed = await asked.fail_to_open()
            assert (closed.code, closed.cause, closed.expires_in) == (409, None, None)
            await asked.open()

        asked.run(story)

    def test_server_out_of_reach_is_a_close_with_its_cause_and_seen_by_a_look(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            assert await asked.messenger.is_reachable(MAIN, PATIENCE)
            await asked.closes_port()
            assert not await asked.messenger.is_reachable(MAIN, PATIENCE)
            closed = await asked.fail_to_open()
            assert (closed.code, closed.cause) == (408, CloseCause.REFUSED)
            await asked.port_opens()
            assert await asked.messenger.is_reachable(MAIN, PATIENCE)
            with pytest.raises(NotConnectedError):
                await asked.messenger.is_reachable(SessionId("nobody"), PATIENCE)
            await asked.open()

        asked.run(story)

    def test_disconnecting_closes_without_a_code_and_twice_is_harmless(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            await asked.messenger.disconnect(MAIN)
            assert await asked.closed() is None
            await asked.messenger.disconnect(MAIN)
            await asked.messenger.disconnect(SessionId("nobody"))
            await asked.open()
            assert asked.heard.codes == []

        asked.run(story)

    def test_connect_refuses_credentials_that_are_unreadable(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            unreadable = replace(asked.heard.session, credentials="[]")
            with pytest.raises(CredentialsUnreadableError):
                await asked.messenger.connect(unreadable)
            await asked.open()
            assert asked.heard.codes == []

        asked.run(story)

    @pytest.mark.requirement("S3")
    @pytest.mark.parametrize("cause", [CloseCause.CERTIFICATE, CloseCause.CLOCK])
    def test_messenger_closes_with_the_cause_when_a_server_is_an_impostor(
        self, asked: AskedMessenger, cause: CloseCause
    ) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.messenger.disconnect(MAIN)
            await asked.closed()
            asked.heard.forget()
            await asked.meets_impostor(cause)
            await asked.messenger.connect(asked.heard.session)
            assert await asked.closed() is None
            assert asked.heard.links[-1].cause is cause
            assert LinkState.OPEN not in asked.heard.words
            assert await asked.send(ana, new_id()) == NOT_CONNECTED
            await asked.open()
            assert isinstance(await asked.send(ana, new_id()), Accepted)

        asked.run(story)

    def test_a_new_connection_replaces_the_former_one_without_a_word_about_it(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            await asked.open()
            assert LinkState.CLOSED not in asked.heard.words
            assert isinstance(await asked.send(ana, message_id), Accepted)

        asked.run(story)

    def test_messenger_closes_without_a_code_when_the_session_is_logged_out(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.messenger.logout(MAIN)
            assert await asked.closed() is None
            assert await asked.send(ana, new_id()) == NOT_CONNECTED
            asked.heard.forget()
            await asked.messenger.connect(asked.heard.session)
            assert await asked.closed() == 401
            assert LinkState.OPEN not in asked.heard.words
            assert await asked.shown_to(ana) == []

        asked.run(story)

    def test_nothing_is_told_after_the_stop_and_nothing_can_be_asked(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.stop()
            told = list(asked.heard.words)
            late = await asked.writes(ana, "oi?")
            assert await asked.send(ana, new_id()) == NOT_CONNECTED
            with pytest.raises(SidecarGoneError):
                await asked.messenger.connect(asked.heard.session)
            assert asked.heard.words == told
            await asked.start()
            await asked.open()
            await asked.heard.until((late, False))

        asked.run(story)

    def test_a_session_that_is_not_open_says_so_whatever_it_is_asked(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.messenger.disconnect(MAIN)
            await asked.closed()
            for call in (
                lambda: asked.messenger.refresh_session(MAIN, [jid_of(ana)]),
                lambda: asked.messenger.logout(MAIN),
                lambda: asked.messenger.pairing_code(MAIN, ana),
                lambda: asked.messenger.ping(SessionId("nobody")),
                lambda: asked.messenger.find_number(SessionId("nobody"), [ana]),
            ):
                with pytest.raises(NotConnectedError):
                    await call()

        asked.run(story)

    def test_no_pairing_code_is_given_to_a_session_that_is_paired(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            with pytest.raises(NotConnectedError):
                await asked.messenger.pairing_code(MAIN, ana)

        asked.run(story)


class Sending:
    def test_an_accepted_text_is_on_the_customers_phone(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            assert isinstance(await asked.send(ana, message_id, "seu açaí está pronto 🥥"), Accepted)
            assert await asked.shown_to(ana) == [(message_id, "seu açaí está pronto 🥥", 1)]

        asked.run(story)

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            (463, RejectionKind.RESTRICTED),
            (479, RejectionKind.STALE_SESSION),
            (429, RejectionKind.RATE_LIMITED),
            (400, RejectionKind.REFUSED),
        ],
    )
    def test_a_refused_text_is_rejected_by_kind_and_code_and_shown_to_nobody(
        self, asked: AskedMessenger, code: int, kind: RejectionKind
    ) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            await asked.refuses(ana, code)
            assert await asked.send(ana, message_id) == Rejected(kind, code)
            assert await asked.shown_to(ana) == []
            assert isinstance(await asked.send(ana, message_id), Accepted)

        asked.run(story)

    def test_a_text_whose_time_has_passed_is_not_written(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            now = asked.clock.steady()
            late = await asked.messenger.send_text(MAIN, jid_of(ana), "oi", new_id(), now)
            assert late == Rejected(RejectionKind.TOO_LATE)
            assert await asked.shown_to(ana) == []

        asked.run(story)

    def test_the_same_id_twice_is_accepted_twice_and_shown_once(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            for _ in range(2):
                assert isinstance(await asked.send(ana, message_id), Accepted)
            assert await asked.shown_to(ana) == [(message_id, "oi", 1)]

        asked.run(story)

    def test_two_customers_can_be_written_to_at_once(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            wanted = [(await asked.customer(), new_id(), text) for text in ("oi, Ana", "oi, Rui")]
            outcomes = await asyncio.gather(*(asked.send(*each) for each in wanted))
            assert all(isinstance(outcome, Accepted) for outcome in outcomes)
            for phone, message_id, text in wanted:
                assert await asked.shown_to(phone) == [(message_id, text, 1)]

        asked.run(story)

    def test_after_new_sessions_the_next_text_arrives(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, first, second = await asked.customer(), new_id(), new_id()
            assert isinstance(await asked.send(ana, first), Accepted)
            await asked.messenger.refresh_session(MAIN, [jid_of(ana)])
            assert isinstance(await asked.send(ana, second), Accepted)
            assert [shown for shown, _, _ in await asked.shown_to(ana)] == [first, second]

        asked.run(story)
