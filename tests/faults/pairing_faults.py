"""What can go wrong while the shop's phone is linked."""

from pathlib import Path
from tempfile import TemporaryDirectory

from app.config import read_settings
from app.domain.errors import BadSettingError, PairingCodeRefusedError
from app.domain.session import ConnectionState
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import MAIN, FaultShopHarness, links, open_fault_shop
from tests.simulators.whatsapp_simulator import SHOP

PAIRING = Trials("Pairing")
_CODE = "a code lives 150 s → 3 s"


def connection_of(shop: FaultShopHarness) -> Seen:
    """How the connection ended, with its sentence."""
    status = shop.status
    return Seen(
        f"{status.state} ({status.reason})" if status.reason else status.state, (shop.connection_says(),)
    )


@PAIRING.of("P1", "passkey demanded after the QR code is scanned, and after a code is typed")
async def a_demand_for_a_passkey_ends_the_pairing(shop: FaultShopHarness) -> Seen:
    await shop.unlink()
    await shop.whatsapp.options(passkey=True)
    assert not await links(shop.whatsapp.admin.post("scan", number=SHOP, qr=await shop.qr_code()))
    await shop.until_reason("passkey")
    assert shop.status.qr_code is None
    assert not await links(shop.whatsapp.type_pairing_code(await shop.typed_code()))
    await shop.until_reason("passkey")
    assert shop.status.pairing_code is None
    return connection_of(shop)


@PAIRING.of("P2", "the phone retires the secret of the QR code at the scan (`companion_reg_refresh`)")
async def a_retired_qr_code_is_shown_anew_and_links(shop: FaultShopHarness) -> Seen:
    await shop.unlink()
    await shop.whatsapp.options(refresh_on_scan=True)
    retired = await shop.qr_code()
    assert not await links(shop.whatsapp.admin.post("scan", number=SHOP, qr=retired))
    said = await shop.until_trouble("pairing_registration_refresh")
    fresh = await shop.shown_code(other_than=retired)
    assert await links(shop.whatsapp.admin.post("scan", number=SHOP, qr=fresh))
    await shop.until_open()
    return Seen(shop.status.state, (said, shop.connection_says()))


@PAIRING.of(
    "P3",
    "the request for a pairing code is answered with 429, with 400, not at all",
    shortened="a question lives 20 s → 2 s",
)
async def a_pairing_code_that_whatsapp_does_not_agree_to_is_never_shown(shop: FaultShopHarness) -> Seen:
    await shop.unlink()
    said = ""
    for code in (429, 400, 0):
        await shop.whatsapp.fault("pair_code_error", code=code, times=-1)
        try:
            await shop.typed_code()
        except PairingCodeRefusedError as error:
            said = str(shop.sentences.of_error(error))
        else:
            raise AssertionError(f"{code}: a code was shown")
        assert shop.status.reason == "code_refused"
    await shop.whatsapp.fault("pair_code_error", times=0)
    seen = connection_of(shop)
    await shop.pair()
    return Seen(seen.end, (*seen.said, said))


@PAIRING.of("P3", "the right code is typed and never confirmed (`pair_code_unconfirmed`)", shortened=_CODE)
async def a_typed_code_that_is_never_confirmed_expires_and_a_qr_code_links(shop: FaultShopHarness) -> Seen:
    return await _expired(shop, "pair_code_unconfirmed")


@PAIRING.of(
    "P3", "the phone's answer to the code lacks its reference (`pair_code_malformed`)", shortened=_CODE
)
async def a_malformed_answer_to_a_code_ends_nothing_but_that_code(shop: FaultShopHarness) -> Seen:
    return await _expired(shop, "pair_code_malformed")


async def _expired(shop: FaultShopHarness, fault: str) -> Seen:
    await shop.unlink()
    await shop.whatsapp.fault(fault)
    assert not await links(shop.whatsapp.type_pairing_code(await shop.typed_code()))
    await shop.until_reason("code_expired")
    seen = connection_of(shop)
    await shop.pair()
    return seen


@PAIRING.of("P4", "a phone that links no program of Windows, then the setting `WHATSAPP_BROWSER`")
async def another_of_the_known_browsers_links_and_an_unknown_one_is_no_setting(
    shop: FaultShopHarness,
) -> Seen:
    await shop.unlink()
    await shop.whatsapp.options(links_only="Mac OS")
    assert not await links(shop.whatsapp.admin.post("scan", number=SHOP, qr=await shop.qr_code()))
    assert shop.status.state is ConnectionState.UNPAIRED
    async with open_fault_shop(shop.whatsapp, browser="macos_chrome") as other:
        await other.pair()
        end = other.status.state
        await other.core.connection.logout()
    return Seen(end, (_refused_setting(shop),))


def _refused_setting(shop: FaultShopHarness) -> str:
    with TemporaryDirectory() as folder:
        (Path(folder) / "config.toml").write_text('WHATSAPP_BROWSER = "firefox"\n', encoding="utf-8")
        try:
            read_settings(Path(folder))
        except BadSettingError as error:
            return str(shop.sentences.of_error(error))
    raise AssertionError("the setting was taken")


@PAIRING.of(
    "P5",
    "nobody scans, and WhatsApp ends the pairing (408)",
    shortened="the last QR code ends after 160 s → at once",
)
async def an_expired_qr_code_is_followed_by_no_other_until_somebody_asks(shop: FaultShopHarness) -> Seen:
    await shop.unlink()
    expired = await shop.qr_code()
    tries = await shop.counted("connections")
    await shop.whatsapp.fault("stream_error", code=408)
    await shop.until_reason("qr_expired")
    seen = connection_of(shop)
    assert await shop.qr_code() != expired
    assert await shop.counted("connections") == tries + 1
    return seen


@PAIRING.of("P6", "515 after the scan, as after every pairing")
async def the_restart_after_the_scan_is_no_failure(shop: FaultShopHarness) -> Seen:
    await shop.unlink()
    before = await shop.whatsapp.counters()
    await shop.pair()
    kept = await shop.store.read(lambda rows: rows.sessions.get(MAIN))
    assert kept
    assert kept.paired
    after = await shop.whatsapp.counters()
    assert (after["pairings"], after["logins"]) == (before["pairings"] + 1, before["logins"] + 1)
    assert {ConnectionState.DISCONNECTED, ConnectionState.BLOCKED, ConnectionState.UNSTABLE}.isdisjoint(
        shop.lamps()
    )
    return connection_of(shop)
