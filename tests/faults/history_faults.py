"""What the chats that the shop's phone pushes at linking are good for, and what can go wrong with them."""

from datetime import timedelta

from app.domain.notification import Notification, State
from app.domain.phone import Phone
from app.ports.histories import history_setting
from tests.faults.message_faults import row_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import MAIN, FaultShopHarness
from tests.harness.sidecar_messenger import sidecars
from tests.harness.waiting import wait_until

HISTORY = Trials("Chats that the phone pushes")
_STALLED = "a download without a byte is given up after 20 s → 2 s"
_EXPIRED = timedelta(days=40)


async def _regular(shop: FaultShopHarness, **chat: object) -> Phone:
    """Return a customer who has been told something and never wrote; the phone has their token."""
    customer = await shop.customer()
    await shop.told(customer)
    await shop.whatsapp.keep_chat(customer.number, **{"token": True, **chat})
    return customer


async def _link_anew(shop: FaultShopHarness, history: str) -> None:
    """Link this computer again, and begin a time lock once the notices are on disk."""
    await shop.unlink()
    await shop.whatsapp.options(history=history)
    await shop.pair()
    await shop.until_all_is_taken()
    await shop.whatsapp.lock_out_strangers(active=True)


async def _until_worked_off(shop: FaultShopHarness) -> None:
    async def worked_off() -> bool:
        return not await shop.store.read(lambda rows: rows.histories.waiting(MAIN))

    await wait_until(worked_off)


async def _told_in_lock(shop: FaultShopHarness, customer: Phone) -> Notification:
    return await shop.until_state(await shop.tell(customer), State.READ, State.FAILED)


async def _token_of(shop: FaultShopHarness, row: Notification) -> str | None:
    (token,) = [each["token"] for each in await shop.whatsapp.on_the_wire() if each["id"] == row.message_id]
    return str(token) if token else None


@HISTORY.of("H1", "a time lock right after linking; the phone pushes a notice, then its chats as a file")
async def a_regular_is_told_in_a_time_lock_after_a_fresh_link(shop: FaultShopHarness) -> Seen:
    regular = await _regular(shop)
    await _link_anew(shop, "both")
    await _until_worked_off(shop)
    row = await _told_in_lock(shop, regular)
    assert (row.state, await _token_of(shop, row)) == (State.READ, "tctoken")
    assert await shop.store.read(lambda rows: rows.settings.get(history_setting(MAIN)))
    return row_of(shop, row)


@HISTORY.of("H2", "a time lock right after linking, and a customer whose token the phone does not have")
async def a_customer_without_a_token_is_refused_and_not_asked_again(shop: FaultShopHarness) -> Seen:
    customer = await _regular(shop, token=False)
    await _link_anew(shop, "both")
    await _until_worked_off(shop)
    row = await _told_in_lock(shop, customer)
    assert (row.state, row.attempts) == (State.FAILED, 1)
    return row_of(shop, row)


@HISTORY.of("H3", "the same, where the network takes messages that the account's salt signs")
async def a_message_without_a_token_is_signed_and_reaches_its_customer(shop: FaultShopHarness) -> Seen:
    await shop.whatsapp.options(cstoken=True)
    customer = await _regular(shop, token=False)
    await _link_anew(shop, "both")
    await _until_worked_off(shop)
    row = await _told_in_lock(shop, customer)
    assert (row.state, await _token_of(shop, row)) == (State.READ, "cstoken")
    return row_of(shop, row)


@HISTORY.of("H4", "the phone's token of a regular is 40 days old, and the network takes signed messages")
async def an_expired_token_is_left_out_and_the_message_signed(shop: FaultShopHarness) -> Seen:
    await shop.whatsapp.options(cstoken=True)
    regular = await _regular(shop, token_age_s=int(_EXPIRED.total_seconds()))
    await _link_anew(shop, "inline")
    await _until_worked_off(shop)
    row = await _told_in_lock(shop, regular)
    assert (row.state, await _token_of(shop, row)) == (State.READ, "cstoken")
    return row_of(shop, row)


async def _read_by_a_later_try(shop: FaultShopHarness, fault: str) -> Seen:
    regular = await _regular(shop)
    await shop.whatsapp.fault(fault)
    before = await shop.counted("downloads")
    await _link_anew(shop, "media")
    await _until_worked_off(shop)
    assert await shop.counted("downloads") == before + 2
    row = await _told_in_lock(shop, regular)
    assert row.state is State.READ
    return row_of(shop, row)


@HISTORY.of("H5", "the server of the files falls silent", shortened=_STALLED)
async def a_silent_download_is_given_up_and_tried_again(shop: FaultShopHarness) -> Seen:
    return await _read_by_a_later_try(shop, "media_silent")


@HISTORY.of("H6", "the line is cut in the middle of the file")
async def a_cut_download_ends_no_process_and_is_tried_again(shop: FaultShopHarness) -> Seen:
    return await _read_by_a_later_try(shop, "media_cut")


@HISTORY.of("H7", "one byte of the file is wrong")
async def a_spoiled_file_is_not_believed_and_is_loaded_again(shop: FaultShopHarness) -> Seen:
    return await _read_by_a_later_try(shop, "media_spoiled")


async def _done_without(shop: FaultShopHarness, fault: str) -> Seen:
    regular = await _regular(shop)
    await shop.whatsapp.fault(fault)
    before = await shop.counted("downloads")
    await _link_anew(shop, "media")
    await _until_worked_off(shop)
    assert await shop.counted("downloads") == before + 1
    assert (await _told_in_lock(shop, regular)).state is State.FAILED
    await shop.whatsapp.lock_out_strangers(active=False)
    row = await shop.told(regular)
    assert len(await shop.shown(regular)) == 2
    return row_of(shop, row)


@HISTORY.of("H8", "the server of the files has the file no more (404)")
async def a_missing_file_is_given_up_and_messages_go_as_before(shop: FaultShopHarness) -> Seen:
    return await _done_without(shop, "media_error")


@HISTORY.of("H9", "the file never ends")
async def an_endless_file_is_given_up_at_its_limit_and_messages_go_as_before(shop: FaultShopHarness) -> Seen:
    return await _done_without(shop, "media_endless")


@HISTORY.of("H10", "the file inflates to 192 MiB")
async def a_file_that_inflates_too_far_is_given_up_and_messages_go_as_before(shop: FaultShopHarness) -> Seen:
    return await _done_without(shop, "history_bomb")


@HISTORY.of("H11", "the Node process is killed after the notice, while it loads the file", shortened=_STALLED)
async def a_kill_after_the_notice_loses_nothing_of_the_history(shop: FaultShopHarness) -> Seen:
    regular = await _regular(shop)
    await shop.whatsapp.fault("media_silent")
    before = await shop.counted("downloads")
    await shop.unlink()
    await shop.whatsapp.options(history="media")
    await shop.pair()

    async def loading() -> bool:
        return await shop.counted("downloads") > before

    await wait_until(loading)
    (process,) = sidecars()
    process.kill()
    await shop.until(lambda: not shop.status.is_connected)
    await shop.until_open()
    await shop.whatsapp.lock_out_strangers(active=True)
    await _until_worked_off(shop)
    row = await _told_in_lock(shop, regular)
    assert row.state is State.READ
    return row_of(shop, row)


@HISTORY.of(
    "H12", "a time lock that WhatsApp tells, of a shop that was linked without a history and then with one"
)
async def a_shop_without_a_history_is_told_that_linking_again_helps(shop: FaultShopHarness) -> Seen:
    await shop.store.transact(lambda rows: rows.settings.set(history_setting(MAIN), ""))
    await shop.whatsapp.lock_out_strangers(active=True, notify=True)
    before = await shop.until_trouble("restricted_time_lock_relink")
    await shop.whatsapp.lock_out_strangers(active=False, notify=True)
    await shop.whatsapp.keep_chat((await shop.customer()).number, token=True)
    await _link_anew(shop, "both")
    await _until_worked_off(shop)
    await shop.whatsapp.lock_out_strangers(active=True, notify=True)
    after = await shop.until_trouble("restricted_time_lock")
    await shop.whatsapp.lock_out_strangers(active=False, notify=True)
    return Seen("open", (before, after))


@HISTORY.of(
    "H13",
    "a time lock at the first link, told to the program, and a customer of whom the phone alone knows",
)
async def a_regular_of_whom_the_phone_alone_knows_is_told_in_a_time_lock(shop: FaultShopHarness) -> Seen:
    regular, stranger = await shop.customer(), await shop.customer()
    await shop.whatsapp.keep_chat(regular.number, token=True)
    await _link_anew(shop, "both")
    await _until_worked_off(shop)
    await shop.whatsapp.lock_out_strangers(active=True, notify=True)
    await shop.until(lambda: bool(shop.core.rate_limiters.statuses()[0].holds))
    held = await shop.tell(stranger)
    row = await shop.until_state(await shop.tell(regular), State.READ)
    assert await _token_of(shop, row) == "tctoken"
    assert (await shop.message(held)).attempts == 0
    return row_of(shop, row)
