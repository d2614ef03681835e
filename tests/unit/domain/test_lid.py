"""LID: spellings that WhatsApp uses, and texts that are none."""

import pytest

from app.domain.lid import Lid, address_forms, address_of, lid_of
from app.domain.phone import NO_PHONE, Phone

pytestmark = pytest.mark.requirement("K1", "K5")


@pytest.mark.parametrize(
    "text", ["4711@lid", "4711:0@lid", "4711:99@lid", "4711@hosted.lid", "4711:12@hosted.lid"]
)
def test_lid_of_drops_device_and_host(text: str) -> None:
    assert lid_of(text) == Lid("4711@lid")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "@lid",
        "4711",
        "4711@lid ",
        " 4711@lid",
        "4711@lid\n",
        "4711@LID",
        "4711:@lid",
        "4711:123456@lid",
        "4711@s.whatsapp.net",
        "4711@hosted",
        "+4711@lid",
        "٤٧١١@lid",
        "1" * 25 + "@lid",
        "4711@lid@lid",
    ],
)
def test_lid_of_is_none_when_the_text_is_no_lid(text: str | None) -> None:
    assert lid_of(text) is None


def test_lid_is_masked_wherever_it_is_shown() -> None:
    lid = Lid("4711@lid")
    assert "4711" not in f"{lid} {lid!r} {[lid]} {(lid, {lid: lid})}"
    assert lid.text == "4711@lid"


@pytest.mark.parametrize(
    ("stored", "address"),
    [
        ("4711@lid", Lid("4711@lid")),
        ("+5573999548537", Phone("+5573999548537")),
        ("", NO_PHONE),
        ("ana@lid", Phone("ana@lid")),
    ],
)
def test_address_of_reads_back_what_was_stored(stored: str, address: object) -> None:
    assert address_of(stored) == address


@pytest.mark.parametrize("address", [Lid("4711@lid"), Phone("+5573999548537"), NO_PHONE])
def test_address_of_is_the_reverse_of_its_text(address: Lid | Phone) -> None:
    assert address_of(address.text) == address


def test_the_spellings_of_a_number_share_the_first_address_form() -> None:
    short, long = Phone("+557381112222"), Phone("+5573981112222")
    assert set(address_forms(short)) == {short, long}
    assert address_forms(short)[0] == address_forms(long)[0]
    assert address_forms(Lid("4711@lid")) == (Lid("4711@lid"),)
