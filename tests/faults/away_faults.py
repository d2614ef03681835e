"""What waited at WhatsApp while the program was away, and the orders that came meanwhile."""

from app.domain.notification import State, Suppression
from app.domain.offline_queue import OfflineQueuePolicy
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.session import ConnectionState
from tests.faults.message_faults import row_of
from tests.faults.pairing_faults import connection_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import SECOND, FaultShopHarness, open_fault_shop
from tests.harness.sidecar_messenger import sidecars

AWAY = Trials("Messages that waited")
_POSTS = 80
_PROMPTLY = 10 * SECOND


async def _go_away(shop: FaultShopHarness) -> None:
    await shop.core.connection.disconnect()
    await shop.until(lambda: shop.status.state is ConnectionState.DISCONNECTED)


async def _unreadable(shop: FaultShopHarness, count: int, **more: object) -> None:
    """Texts of other people that no retry makes readable, each of which takes Baileys about a second."""
    for _ in range(count):
        writer = await shop.customer()
        await shop.whatsapp.fault("garble_inbound", number=writer.number, times=-1)
        await shop.whatsapp.write(writer.number, text="ilegível", **more)


async def _leaves(shop: FaultShopHarness, customer: Phone, unreadable: int = 10) -> Order:
    """An order waits for a customer whose SAIR waits behind unreadable texts, in front of the login."""
    await _go_away(shop)
    await _unreadable(shop, unreadable)
    await shop.whatsapp.write(customer.number, text="SAIR")
    return await shop.tell(customer)


async def _suppressed(shop: FaultShopHarness, order: Order) -> Seen:
    row = await shop.until_state(order, State.SUPPRESSED, State.SENT, State.DELIVERED, State.READ)
    assert (row.state, row.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)
    assert await shop.times_on_wire(row) == 0
    return row_of(shop, row)


@AWAY.of("A1", "ten unreadable texts wait in front of a SAIR, and an order waits for its writer")
async def who_wrote_sair_behind_unreadable_texts_is_not_told(shop: FaultShopHarness) -> Seen:
    order = await _leaves(shop, await shop.customer())
    await shop.core.connection.reconnect()
    return await _suppressed(shop, order)


@AWAY.of("A2", "the same, and the writer hides the number that the order has")
async def who_wrote_sair_under_a_hidden_id_is_not_told(shop: FaultShopHarness) -> Seen:
    order = await _leaves(shop, await shop.customer(hidden=True, lid_told=True))
    await shop.core.connection.reconnect()
    return await _suppressed(shop, order)


@AWAY.of("A3", "the connection is lost before the SAIR is read, and WhatsApp does not say that all has come")
async def a_sair_unread_on_one_connection_is_waited_for_on_the_next(shop: FaultShopHarness) -> Seen:
    order = await _leaves(shop, await shop.customer())
    await shop.whatsapp.fault("lose_offline_end", times=-1)
    await shop.core.connection.reconnect()
    await shop.until_open()
    await shop.clock.sleep(SECOND)
    await shop.whatsapp.fault("drop")
    return await _suppressed(shop, order)


@AWAY.of(
    "A4",
    "what waited comes three seconds after each other, a SAIR last, and WhatsApp does not say that all has come",
)
async def a_sair_that_comes_late_is_waited_for(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await _go_away(shop)
    for _ in range(2):
        await shop.whatsapp.write(customer.number, text="promoção", place="group")
    await shop.whatsapp.write(customer.number, text="SAIR")
    order = await shop.tell(customer)
    await shop.whatsapp.fault("lose_offline_end")
    await shop.whatsapp.options(offline_gap_ms=3000)
    await shop.core.connection.reconnect()
    return await _suppressed(shop, order)


@AWAY.of("A5", "the process beside the program is killed before the SAIR is read")
async def a_sair_unread_by_a_killed_process_is_waited_for(shop: FaultShopHarness) -> Seen:
    order = await _leaves(shop, await shop.customer(), unreadable=3)
    await shop.core.connection.reconnect()
    await shop.until_open()
    for process in sidecars():
        process.kill()
    return await _suppressed(shop, order)


@AWAY.of("A6", "reading what waited takes longer than a minute, a SAIR last", shortened="60 s → 2 s")
async def everybody_but_the_unread_is_told_after_a_minute(shop: FaultShopHarness) -> Seen:
    policy = OfflineQueuePolicy(at_most=2 * SECOND)
    async with open_fault_shop(shop.whatsapp, offline_queue=policy) as other:
        await other.pair()
        leaver, reader = await other.customer(), await other.customer()
        order = await _leaves(other, leaver, unreadable=8)
        told = await other.tell(reader)
        await other.core.connection.reconnect()
        await other.until_state(told, State.READ)
        assert other.heard(leaver) == []
        seen = await _suppressed(other, order)
        await other.core.connection.logout()
    return seen


@AWAY.of(
    "A7",
    "a text that waited is refused by Baileys as malformed, and never read",
    shortened="10 min → 6 s; 60 s → 2 s",
)
async def a_customer_whose_text_is_never_read_is_held_for_a_bounded_time(shop: FaultShopHarness) -> Seen:
    policy = OfflineQueuePolicy(at_most=2 * SECOND, held_for=6 * SECOND)
    async with open_fault_shop(shop.whatsapp, offline_queue=policy) as other:
        await other.pair()
        writer, reader = await other.customer(), await other.customer()
        await _go_away(other)
        await other.whatsapp.write(
            writer.number, text="oi", attrs={"recipient": reader.number[1:] + "@s.whatsapp.net"}
        )
        held, told = await other.tell(writer), await other.tell(reader)
        await other.core.connection.reconnect()
        await other.until_state(told, State.READ)
        assert (await other.message(held)).state is State.PENDING
        row = await other.until_state(held, State.READ)
        await other.core.connection.logout()
    return row_of(other, row)


@AWAY.of("A8", f"{_POSTS} unreadable posts of a group wait in front of a customer's text")
async def a_customer_behind_posts_of_a_group_is_heard_at_once(shop: FaultShopHarness) -> Seen:
    return await _heard_behind(shop, "group")


@AWAY.of("A9", f"{_POSTS} posts of a channel wait in front of a customer's text")
async def a_customer_behind_posts_of_a_channel_is_heard_at_once(shop: FaultShopHarness) -> Seen:
    return await _heard_behind(shop, "newsletter")


async def _heard_behind(shop: FaultShopHarness, place: str) -> Seen:
    poster, writer = await shop.customer(), await shop.customer()
    await _go_away(shop)
    await shop.whatsapp.fault("garble_inbound", number=poster.number, times=-1)
    for _ in range(_POSTS):
        await shop.whatsapp.write(poster.number, text="promoção", place=place)
    await shop.whatsapp.write(writer.number, text="posso pegar?")
    retries = await shop.counted("retries")
    begun = shop.clock.steady()
    await shop.core.connection.reconnect()
    await shop.until(lambda: [each.text for each in shop.heard(writer)] == ["posso pegar?"])
    assert shop.clock.steady() - begun < _PROMPTLY
    await shop.until_all_is_taken()
    assert await shop.counted("retries") == retries
    assert shop.heard(poster) == []
    return connection_of(shop)


@AWAY.of("A10", "a SAIR that waited cannot be decrypted, nor the first two answers of its phone")
async def who_wrote_an_undecryptable_sair_is_not_told(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await _go_away(shop)
    await shop.whatsapp.fault("garble_inbound", number=customer.number, times=3)
    await shop.whatsapp.write(customer.number, text="SAIR")
    order = await shop.tell(customer)
    await shop.core.connection.reconnect()
    return await _suppressed(shop, order)
