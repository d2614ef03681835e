"""Pairing: progress, and cleanup after it is cancelled."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.errors import NotConnectedError, PairingCodeRefusedError, WrongKeyError
from app.domain.events import ConnectionChanged
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.session import CREDENTIALS_UNREADABLE, ConnectionState, PairingStep, QrCode, SessionData
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.shop import MAIN, PAIRED, Shop, in_shop
from tests.simulators.memory_sessions import MemorySessionRows
from tests.simulators.moved_clock import let_tasks_run

_PHONE = Phone("+5573988112233")


async def offer_qr(shop: Shop, text: str = "2@one") -> None:
    until = shop.clock.now() + timedelta(seconds=20)
    await shop.messenger.listener.qr_shown(MAIN, QrCode(text, until))


@pytest.mark.requirement("S1")
def test_every_step_of_a_pairing_is_told_in_its_order() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.core.connection.pair()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CONNECTING))
        await offer_qr(shop)
        await offer_qr(shop, "2@two")
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=_PHONE))
        await shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=_PHONE))
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 515))
        await shop.pass_time(seconds=0)
        await let_tasks_run()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=_PHONE))
        told = [event.status.pairing for event in shop.events if isinstance(event, ConnectionChanged)]
        steps = [step for at, step in enumerate(told) if at == 0 or step is not told[at - 1]]
        assert steps == [
            None,
            PairingStep.PREPARING,
            PairingStep.AWAITING_SCAN,
            PairingStep.SCANNED,
            PairingStep.CONNECTING,
            None,
        ]
        assert shop.core.connection.get_connection_status().is_connected

    in_shop(story, paired=False)


@pytest.mark.requirement("S3")
def test_socket_that_paired_and_never_closes_is_followed_by_a_login() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.core.connection.pair()
        await offer_qr(shop)
        await shop.pass_time(seconds=20)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=_PHONE))
        await shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=_PHONE))
        shop.messenger.opens = True
        await shop.pass_time(seconds=29)
        assert len(shop.messenger.connects) == 1
        await shop.pass_time(seconds=3)
        assert shop.core.connection.get_connection_status().is_connected
        assert shop.messenger.connects[-1].paired

    in_shop(story, paired=False)


@pytest.mark.requirement("S3")
def test_a_code_that_nobody_scanned_ends_the_pairing_with_its_reason() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.core.connection.pair()
        await offer_qr(shop)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 408))
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason) == (ConnectionState.UNPAIRED, "qr_expired")
        assert (status.pairing, status.qr_code) == (None, None)

    in_shop(story, paired=False)


def test_a_pairing_that_is_given_up_shows_no_code_and_does_not_come_back() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.core.connection.pair()
        await offer_qr(shop)
        await shop.core.connection.disconnect()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED))
        await shop.pass_time(hours=1)
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.pairing, status.qr_code) == (ConnectionState.UNPAIRED, None, None)
        assert len(shop.messenger.connects) == 1

    in_shop(story, paired=False)


def test_a_number_that_is_disconnected_is_forgotten() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.connection.logout()
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.phone) == (ConnectionState.UNPAIRED, None)
        assert await shop.store.read(lambda rows: rows.sessions.get(MAIN)) is None

    in_shop(story)


@pytest.mark.requirement("S2")
def test_credentials_that_do_not_open_end_nothing_and_ask_for_new_pairing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept = MemorySessionRows.get

    def sealed_elsewhere(rows: MemorySessionRows, session_id: SessionId) -> SessionData | None:
        if (session := kept(rows, session_id)) == PAIRED:
            raise WrongKeyError(column="whatsapp_sessions.session_data")
        return session

    async def story(shop: Shop) -> None:
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason) == (ConnectionState.UNPAIRED, CREDENTIALS_UNREADABLE)
        order = shop.order(1)
        await shop.see(order)
        assert (await shop.message(order)).state is State.PENDING
        await shop.core.connection.pair()
        await shop.pass_time(seconds=10)
        assert (await shop.message(order)).state is State.SENT
        assert shop.core.connection.get_connection_status().reason is None

    monkeypatch.setattr(MemorySessionRows, "get", sealed_elsewhere)
    in_shop(story)
    (record,) = [each for each in caplog.records if each.message == CREDENTIALS_UNREADABLE]
    assert vars(record)["session"] == MAIN


def test_disconnect_that_whatsapp_did_not_hear_leaves_the_session_as_is() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.open_sessions.clear()
        with pytest.raises(NotConnectedError):
            await shop.core.connection.logout()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.connects) == 2

    in_shop(story)


async def by_code(shop: Shop) -> asyncio.Task[None]:
    """The person asks for a code, and WhatsApp offers a pairing."""
    shop.messenger.opens = False
    asking = asyncio.create_task(shop.core.connection.pair_by_code(_PHONE))  # noqa: TID251 - the person's hand
    await let_tasks_run()
    await offer_qr(shop)
    await let_tasks_run()
    return asking


@pytest.mark.requirement("S1")
def test_a_code_to_be_typed_takes_the_place_of_the_qr_code() -> None:
    async def story(shop: Shop) -> None:
        await (await by_code(shop))
        await offer_qr(shop, "2@two")
        status = shop.core.connection.get_connection_status()
        assert status.pairing_code
        assert (status.pairing, status.pairing_code.text, status.qr_code) == (
            PairingStep.AWAITING_CODE,
            "ABCD1234",
            None,
        )
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=_PHONE))
        await shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=_PHONE))
        shop.messenger.opens = True
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 515))
        await shop.pass_time(minutes=10)
        status = shop.core.connection.get_connection_status()
        assert (status.is_connected, status.pairing_code) == (True, None)

    in_shop(story, paired=False)


@pytest.mark.requirement("S1")
def test_a_code_that_nobody_types_expires_and_leaves_nothing_behind() -> None:
    async def story(shop: Shop) -> None:
        await (await by_code(shop))
        await shop.pass_time(seconds=149)
        assert shop.core.connection.get_connection_status().pairing_code
        await shop.pass_time(seconds=1)
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason, status.pairing_code) == (
            ConnectionState.UNPAIRED,
            "code_expired",
            None,
        )
        assert "disconnect" in shop.messenger.calls
        await shop.pass_time(hours=1)
        assert len(shop.messenger.connects) == 1
        await shop.core.connection.pair()
        assert shop.messenger.connects[-1].credentials == ""

    in_shop(story, paired=False)


@pytest.mark.requirement("S1")
@pytest.mark.parametrize("code", [408, 428])
def test_a_code_dies_with_its_connection(code: int) -> None:
    async def story(shop: Shop) -> None:
        await (await by_code(shop))
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, code))
        await shop.pass_time(minutes=5)
        assert shop.core.connection.get_connection_status().reason == "code_expired"
        assert len(shop.messenger.connects) == 1

    in_shop(story, paired=False)


@pytest.mark.requirement("S1")
def test_a_code_that_whatsapp_refuses_is_said() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.refuses_code = True
        asking = await by_code(shop)
        with pytest.raises(PairingCodeRefusedError):
            await asking
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason, status.pairing) == (
            ConnectionState.UNPAIRED,
            "code_refused",
            None,
        )

    in_shop(story, paired=False)


def test_a_code_for_which_no_pairing_is_ever_offered_is_refused() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        asking = asyncio.create_task(shop.core.connection.pair_by_code(_PHONE))  # noqa: TID251 - the person's hand
        await shop.pass_time(seconds=30)
        await let_tasks_run()
        with pytest.raises(PairingCodeRefusedError):
            await asking
        assert shop.core.connection.get_connection_status().reason == "code_refused"

    in_shop(story, paired=False)


def test_a_code_that_comes_after_the_person_left_is_not_shown() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        asking = asyncio.create_task(shop.core.connection.pair_by_code(_PHONE))  # noqa: TID251 - the person's hand
        await let_tasks_run()
        await shop.core.connection.disconnect()
        await offer_qr(shop)
        await shop.pass_time(seconds=30)
        await asking
        status = shop.core.connection.get_connection_status()
        assert (status.pairing, status.pairing_code, status.reason) == (None, None, None)

    in_shop(story, paired=False)


@pytest.mark.requirement("S3")
def test_an_account_that_wants_a_passkey_ends_the_pairing_with_its_reason() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.core.connection.pair()
        await offer_qr(shop)
        await shop.messenger.listener.pairing_refused(MAIN, "registration_refresh")
        assert shop.core.connection.get_connection_status().qr_code
        await shop.messenger.listener.pairing_refused(MAIN, "passkey")
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason) == (ConnectionState.UNPAIRED, "passkey")
        assert (status.pairing, status.qr_code) == (None, None)
        await shop.pass_time(hours=1)
        assert len(shop.messenger.connects) == 1

    in_shop(story, paired=False)


def test_a_pairing_notice_to_a_session_that_works_changes_nothing() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.listener.pairing_refused(MAIN, "passkey")
        assert shop.core.connection.get_connection_status().is_connected

    in_shop(story)
