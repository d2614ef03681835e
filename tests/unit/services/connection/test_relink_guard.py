"""Relink guard: the former number is linked again by the cashier, another one by the manager alone."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.errors import ManagerNeededError, NotAllowedNowError, SidecarGoneError
from app.domain.phone import Phone
from app.domain.session import (
    LOGGED_OUT,
    OTHER_NUMBER,
    REPLACED,
    SUSPENDED_UNTIL,
    ConnectionState,
    SessionData,
)
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.shop import MAIN, Shop, in_shop, open_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock
from tests.simulators.scripted_messenger import ScriptedMessenger

pytestmark = pytest.mark.requirement("X5")

PIN = "2468"
FORMER, FORMER_BEFORE_2016 = Phone("+5573988112233"), Phone("+557388112233")
OTHER = Phone("+5571977665544")


async def _open(shop: Shop, phone: Phone) -> None:
    """Link the phone that scans: the session is saved, closed by 515 and opened anew."""
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=phone))
    await shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=phone))
    shop.messenger.open_sessions.add(MAIN)
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=phone))
    await shop.pass_time(seconds=1)


async def _unlinked_shop(shop: Shop) -> None:
    """Link the former number, set a PIN, and let the phone unlink this PC."""
    shop.messenger.opens = False
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=FORMER))
    await shop.pass_time(seconds=1)
    await shop.core.access.gate.set_pin(PIN)
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
    assert shop.core.connection.get_connection_status().reason == LOGGED_OUT


@pytest.mark.parametrize("phone", [FORMER, FORMER_BEFORE_2016])
def test_cashier_links_the_former_number_again_in_each_spelling(phone: Phone) -> None:
    async def story(shop: Shop) -> None:
        await _unlinked_shop(shop)
        assert not shop.core.connection.relink.needs_manager
        await shop.core.connection.pair()
        await _open(shop, phone)
        assert shop.core.connection.get_connection_status().state is ConnectionState.CONNECTED
        (latest,) = await shop.core.access.audit.latest(1)
        assert (latest.event.act, latest.event.actor, latest.event.result) == ("relink", "cashier", "allowed")

    in_shop(story)


@pytest.mark.parametrize("unlinking_fails", [False, True])
def test_another_number_that_the_cashier_links_is_unlinked_again(unlinking_fails: bool) -> None:  # noqa: FBT001
    async def story(shop: Shop) -> None:
        await _unlinked_shop(shop)
        await shop.core.connection.pair()
        if unlinking_fails:
            shop.messenger.logout_error = SidecarGoneError()
        await _open(shop, OTHER)
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason) == (ConnectionState.UNPAIRED, OTHER_NUMBER)
        assert ("logout" in shop.messenger.calls) is True
        assert MAIN not in shop.messenger.open_sessions
        assert await shop.store.read(lambda rows: rows.sessions.get(MAIN)) is None
        assert not shop.core.connection.relink.needs_manager

    in_shop(story)


@pytest.mark.parametrize("by_manager", [False, True])
def test_pairing_that_the_end_of_the_program_cut_short_stays_restricted(by_manager: bool) -> None:  # noqa: FBT001
    async def story() -> None:
        store, clock = MemoryStore(), MovedClock()
        async with open_shop(store=store, clock=clock) as shop:
            await _unlinked_shop(shop)
            await shop.core.connection.pair()
            if by_manager:
                await shop.core.access.gate.unlock(PIN)
                await shop.core.connection.pair()
            await shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=OTHER))
            scanned = SessionData(MAIN, "c", paired=True, phone=OTHER)
            await shop.messenger.listener.session_changed(scanned)
        async with open_shop(store=store, clock=clock, seed=1, paired=False) as shop:
            await shop.pass_time(seconds=1)
            status = shop.core.connection.get_connection_status()
            assert status.reason == (None if by_manager else OTHER_NUMBER)
            kept = await store.read(lambda rows: rows.sessions.get(MAIN))
            assert (kept is not None) is by_manager

    asyncio.run(story())


def test_manager_links_another_number_which_is_the_former_one_from_then_on() -> None:
    async def story(shop: Shop) -> None:
        await _unlinked_shop(shop)
        await shop.core.access.gate.unlock(PIN)
        await shop.core.connection.pair()
        await _open(shop, OTHER)
        assert shop.core.connection.get_connection_status().state is ConnectionState.CONNECTED
        shop.core.access.gate.lock()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
        await shop.core.connection.pair()
        await _open(shop, FORMER)
        assert shop.core.connection.get_connection_status().reason == OTHER_NUMBER

    in_shop(story)


def test_cashier_links_no_number_where_none_was_linked_before() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.access.gate.set_pin(PIN)
        connection = shop.core.connection
        assert connection.relink.needs_manager
        for act in (connection.pair(), connection.pair_by_code(FORMER)):
            with pytest.raises(ManagerNeededError):
                await act
        assert shop.messenger.connects == []

    in_shop(story, paired=False)


def test_cashier_does_not_unlink_the_number() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.access.gate.set_pin(PIN)
        with pytest.raises(ManagerNeededError):
            await shop.core.connection.logout()
        assert "logout" not in shop.messenger.calls

    in_shop(story)


def test_number_that_the_manager_unlinked_needs_the_pin_again() -> None:
    async def story() -> None:
        store, clock = MemoryStore(), MovedClock()
        async with open_shop(store=store, clock=clock) as shop:
            await _open(shop, FORMER)
            await shop.core.access.gate.set_pin(PIN)
            await shop.core.access.gate.unlock(PIN)
            await shop.core.connection.logout()
            shop.core.access.gate.lock()
            assert shop.core.connection.relink.needs_manager
            assert not shop.core.connection.relink.is_linked(FORMER)
        async with open_shop(store=store, clock=clock, paired=False) as shop:
            with pytest.raises(ManagerNeededError):
                await shop.core.connection.pair()

    asyncio.run(story())


def test_cashier_does_not_give_up_a_session_that_is_suspended_for_a_while() -> None:
    async def story(shop: Shop) -> None:
        connection = shop.core.connection
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=FORMER))
        await shop.core.access.gate.set_pin(PIN)
        suspended = LinkChanged(MAIN, LinkState.CLOSED, 402, expires_in=timedelta(hours=2))
        await shop.messenger.emit(suspended)
        assert connection.get_connection_status().reason == SUSPENDED_UNTIL
        with pytest.raises(ManagerNeededError):
            await connection.pair()
        assert await shop.store.read(lambda rows: rows.sessions.get(MAIN))
        assert connection.get_connection_status().reason == SUSPENDED_UNTIL
        await shop.core.access.gate.unlock(PIN)
        await connection.pair()
        assert await shop.store.read(lambda rows: rows.sessions.get(MAIN)) is None

    in_shop(story)


def _silent(messenger: ScriptedMessenger) -> None:
    messenger.opens = False


@pytest.mark.parametrize("phone", [OTHER, FORMER])
def test_restart_in_the_midst_of_a_pairing_admits_the_former_number_alone(phone: Phone) -> None:
    async def story() -> None:
        store = MemoryStore()
        async with open_shop(store=store) as shop:
            await _unlinked_shop(shop)
            await shop.core.connection.pair()
            await shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=phone))
            await shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=phone))
        async with open_shop(store=store, paired=False, prepare=_silent) as again:
            again.messenger.open_sessions.add(MAIN)
            await again.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=phone))
            await again.pass_time(seconds=1)
            status = again.core.connection.get_connection_status()
            assert status.is_connected is (phone == FORMER)
            assert status.reason == (None if phone == FORMER else OTHER_NUMBER)

    asyncio.run(story())


def test_number_that_hides_itself_is_not_taken_for_the_former_one() -> None:
    async def story(shop: Shop) -> None:
        await _unlinked_shop(shop)
        await shop.core.connection.pair()
        shop.messenger.open_sessions.add(MAIN)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
        assert shop.core.connection.get_connection_status().reason == OTHER_NUMBER

    in_shop(story)


def test_refused_number_leaves_neither_connection_nor_later_credentials() -> None:
    async def story(shop: Shop) -> None:
        await _unlinked_shop(shop)
        await shop.core.connection.pair()
        shop.messenger.logout_error = SidecarGoneError()
        await _open(shop, OTHER)
        assert shop.messenger.calls[-1] == "disconnect"
        await shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=OTHER))
        assert await shop.store.read(lambda rows: rows.sessions.get(MAIN)) is None
        await shop.core.connection.pair()

    in_shop(story)


def test_reconnect_begins_no_pairing_of_an_unpaired_number() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.access.gate.set_pin(PIN)
        with pytest.raises(NotAllowedNowError):
            await shop.core.connection.reconnect()
        assert shop.messenger.connects == []

    in_shop(story, paired=False)


def test_cashier_gives_up_no_session_that_another_program_has_replaced() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.access.gate.set_pin(PIN)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=FORMER))
        shop.messenger.opens = False
        for _ in range(9):
            await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 440))
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason) == (ConnectionState.BLOCKED, REPLACED)
        with pytest.raises(ManagerNeededError):
            await shop.core.connection.pair()
        assert await shop.store.read(lambda rows: rows.sessions.get(MAIN)) is not None

    in_shop(story)


def test_only_the_number_of_the_last_free_linking_counts_as_linked() -> None:
    async def story(shop: Shop) -> None:
        relink = shop.core.connection.relink
        assert not relink.is_linked(OTHER)
        await _unlinked_shop(shop)
        assert [relink.is_linked(each) for each in (FORMER, FORMER_BEFORE_2016, OTHER)] == [True, True, False]
        await shop.core.connection.pair()
        assert not relink.is_linked(FORMER)
        await _open(shop, FORMER)
        assert relink.is_linked(FORMER)

    in_shop(story)
