"""What can go wrong while the shop's phone is linked."""

from pathlib import Path
from tempfile import TemporaryDirectory

from app.config import read_settings
from app.domain.errors import BadSettingError, PairingCodeRefusedError
from app.domain.session import ConnectionState
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import MAIN, Counter, links, open_counter
from tests.simulators.whatsapp_simulator import SHOP

PAIRING = Trials("Pairing")
_CODE = "a code lives 150 s → 3 s"


def connection_of(counter: Counter) -> Seen:
    """How the connection ended, with its sentence."""
    status = counter.status
    return Seen(
        f"{status.state} ({status.reason})" if status.reason else status.state, (counter.connection_says(),)
    )


@PAIRING.of("P1", "passkey demanded after the QR code is scanned, and after a code is typed")
async def a_demand_for_a_passkey_ends_the_pairing(counter: Counter) -> Seen:
    await counter.unlink()
    await counter.whatsapp.options(passkey=True)
    assert not await links(counter.whatsapp.admin.post("scan", number=SHOP, qr=await counter.qr_code()))
    await counter.until_reason("passkey")
    assert counter.status.qr_code is None
    assert not await links(counter.whatsapp.type_pairing_code(await counter.typed_code()))
    await counter.until_reason("passkey")
    assert counter.status.pairing_code is None
    return connection_of(counter)


@PAIRING.of("P2", "the phone retires the secret of the QR code at the scan (`companion_reg_refresh`)")
async def a_retired_qr_code_is_shown_anew_and_links(counter: Counter) -> Seen:
    await counter.unlink()
    await counter.whatsapp.options(refresh_on_scan=True)
    retired = await counter.qr_code()
    assert not await links(counter.whatsapp.admin.post("scan", number=SHOP, qr=retired))
    said = await counter.until_trouble("pairing_registration_refresh")
    fresh = await counter.shown_code(other_than=retired)
    assert await links(counter.whatsapp.admin.post("scan", number=SHOP, qr=fresh))
    await counter.until_open()
    return Seen(counter.status.state, (said, counter.connection_says()))


@PAIRING.of(
    "P3",
    "the request for a pairing code is answered with 429, with 400, not at all",
    shortened="a question lives 20 s → 2 s",
)
async def a_pairing_code_that_whatsapp_does_not_agree_to_is_never_shown(counter: Counter) -> Seen:
    await counter.unlink()
    said = ""
    for code in (429, 400, 0):
        await counter.whatsapp.fault("pair_code_error", code=code, times=-1)
        try:
            await counter.typed_code()
        except PairingCodeRefusedError as error:
            said = str(counter.sentences.of_error(error))
        else:
            raise AssertionError(f"{code}: a code was shown")
        assert counter.status.reason == "code_refused"
    await counter.whatsapp.fault("pair_code_error", times=0)
    seen = connection_of(counter)
    await counter.pair()
    return Seen(seen.end, (*seen.said, said))


@PAIRING.of("P3", "the right code is typed and never confirmed (`pair_code_unconfirmed`)", shortened=_CODE)
async def a_typed_code_that_is_never_confirmed_expires_and_a_qr_code_links(counter: Counter) -> Seen:
    return await _expired(counter, "pair_code_unconfirmed")


@PAIRING.of(
    "P3", "the phone's answer to the code lacks its reference (`pair_code_malformed`)", shortened=_CODE
)
async def a_malformed_answer_to_a_code_ends_nothing_but_that_code(counter: Counter) -> Seen:
    return await _expired(counter, "pair_code_malformed")


async def _expired(counter: Counter, fault: str) -> Seen:
    await counter.unlink()
    await counter.whatsapp.fault(fault)
    assert not await links(counter.whatsapp.type_pairing_code(await counter.typed_code()))
    await counter.until_reason("code_expired")
    seen = connection_of(counter)
    await counter.pair()
    return seen


@PAIRING.of("P4", "a phone that links no program of Windows, then the setting `WHATSAPP_BROWSER`")
async def another_of_the_known_browsers_links_and_an_unknown_one_is_no_setting(counter: Counter) -> Seen:
    await counter.unlink()
    await counter.whatsapp.options(links_only="Mac OS")
    assert not await links(counter.whatsapp.admin.post("scan", number=SHOP, qr=await counter.qr_code()))
    assert counter.status.state is ConnectionState.UNPAIRED
    async with open_counter(counter.whatsapp, browser="macos_chrome") as other:
        await other.pair()
        end = other.status.state
        await other.core.connection.logout()
    return Seen(end, (_refused_setting(counter),))


def _refused_setting(counter: Counter) -> str:
    with TemporaryDirectory() as folder:
        (Path(folder) / "config.toml").write_text('WHATSAPP_BROWSER = "firefox"\n', encoding="utf-8")
        try:
            read_settings(Path(folder))
        except BadSettingError as error:
            return str(counter.sentences.of_error(error))
    raise AssertionError("the setting was taken")


@PAIRING.of(
    "P5",
    "nobody scans, and WhatsApp ends the pairing (408)",
    shortened="the last QR code ends after 160 s → at once",
)
async def an_expired_qr_code_is_followed_by_no_other_until_somebody_asks(counter: Counter) -> Seen:
    await counter.unlink()
    expired = await counter.qr_code()
    tries = await counter.counted("connections")
    await counter.whatsapp.fault("stream_error", code=408)
    await counter.until_reason("qr_expired")
    seen = connection_of(counter)
    assert await counter.qr_code() != expired
    assert await counter.counted("connections") == tries + 1
    return seen


@PAIRING.of("P6", "515 after the scan, as after every pairing")
async def the_restart_after_the_scan_is_no_failure(counter: Counter) -> Seen:
    await counter.unlink()
    before = await counter.whatsapp.counters()
    await counter.pair()
    kept = await counter.store.read(lambda rows: rows.sessions.get(MAIN))
    assert kept
    assert kept.paired
    after = await counter.whatsapp.counters()
    assert (after["pairings"], after["logins"]) == (before["pairings"] + 1, before["logins"] + 1)
    assert {ConnectionState.DISCONNECTED, ConnectionState.BLOCKED, ConnectionState.UNSTABLE}.isdisjoint(
        counter.lamps()
    )
    return connection_of(counter)
