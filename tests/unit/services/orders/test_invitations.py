"""Invitations: each link leads to a paired number, each paper carries the link."""

from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from app.domain.claim_text import chat_link
from app.domain.errors import NoNumberError, PaperRefusedError, UnknownOrderError
from app.domain.identifiers import OrderId, SessionId
from app.domain.phone import Phone
from app.ports.paper import PaperKind, RollWidth
from tests.harness.customer_words import RUI, say
from tests.harness.shop import PAIRED, Shop, in_shop, shop_choices
from tests.unit.headless.test_command_executor import ORDER, TYPED, ask

SHOP = Phone("+5573988112233")
SECOND, ITS_PHONE = SessionId("second"), Phone("+5573988112244")


def read(file: Path) -> list[str]:
    with Image.open(file) as picture:
        return [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))]


def width_of(file: Path) -> int:
    with Image.open(file) as picture:
        return picture.width


def test_the_links_lead_to_the_paired_number() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(12))
        assert await shop.core.invitations.link() == chat_link(SHOP)
        assert await shop.core.invitations.order_link(order.id) == chat_link(SHOP, 12)
        with pytest.raises(UnknownOrderError):
            await shop.core.invitations.order_link(OrderId("none"))

    in_shop(story)


def test_each_number_has_a_poster_of_its_own_and_an_unpaired_one_has_none() -> None:
    async def story(shop: Shop) -> None:
        invitations = shop.core.invitations
        with pytest.raises(NoNumberError):
            await invitations.poster(PaperKind.PNG, SECOND)
        second = replace(PAIRED, session_id=SECOND, phone=ITS_PHONE)
        await shop.store.transact(lambda rows: rows.sessions.save(second))
        assert await invitations.link(SECOND) == chat_link(ITS_PHONE)
        assert await invitations.link() == chat_link(SHOP)
        await ask(shop, **TYPED)
        named = {"command": "link", "order_id": ORDER, "session": SECOND}
        assert (await ask(shop, **named))["link"] == chat_link(ITS_PHONE, TYPED["number"])
        assert (await ask(shop, **{**named, "session": "nenhum"}))["field"] == "session"

    in_shop(story, choices=shop_choices(more_sessions=(SECOND,)))


def test_without_any_number_nobody_is_invited() -> None:
    async def story(shop: Shop) -> None:
        with pytest.raises(NoNumberError):
            await shop.core.invitations.link()

    in_shop(story, paired=False)


def test_another_program_gets_links_and_files(tmp_path: Path) -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **TYPED)
        assert (await ask(shop, command="link"))["link"] == chat_link(SHOP)
        assert (await ask(shop, command="link", session="main"))["link"] == chat_link(SHOP)
        assert (await ask(shop, command="link", order_id=ORDER))["link"] == chat_link(SHOP, TYPED["number"])
        poster, strip, wide = (tmp_path / name for name in ("a.png", "b.PNG", "c.png"))
        assert (await ask(shop, command="poster", file=str(poster)))["ok"]
        assert (await ask(shop, command="receipt", order_id=ORDER, file=str(strip)))["ok"]
        assert (await ask(shop, command="receipt", order_id=ORDER, file=str(wide), width="80"))["ok"]
        assert read(poster) == [chat_link(SHOP)]
        assert read(strip) == read(wide) == [chat_link(SHOP, TYPED["number"])]
        assert width_of(wide) > width_of(strip)
        refused = await ask(shop, command="poster", file=str(tmp_path / "cartaz.docx"))
        assert (refused["error"], "terminar em .png ou .pdf" in refused["sentence"]) == (
            "paper_refused",
            True,
        )
        assert (await ask(shop, command="poster", file=str(poster), session="none"))["error"] == "bad_field"

    in_shop(story)


def test_a_kind_is_that_of_the_files_ending(tmp_path: Path) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(12))
        await shop.core.invitations.save_receipt(tmp_path / "recibo.pdf", order.id, RollWidth.WIDE)
        assert (tmp_path / "recibo.pdf").read_bytes().startswith(b"%PDF")
        for name in ("cartaz", "cartaz.", "cartaz.png.exe"):
            with pytest.raises(PaperRefusedError):
                await shop.core.invitations.save_poster(tmp_path / name)

    in_shop(story)
    assert [file.name for file in tmp_path.iterdir()] == ["recibo.pdf"]


@pytest.mark.requirement("C4")
def test_another_program_sees_who_asks_from_another_number_and_may_decide() -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **TYPED)
        await say(shop, f"Oi! Quero acompanhar o pedido {TYPED['number']}", RUI, message_id="3A1")
        told = await ask(shop, command="replies", order_id=ORDER)
        assert [reply["other_number"] for reply in told["replies"]] == [True]
        assert (await ask(shop, command="use_number", order_id=ORDER, message_id="3A1"))["ok"]
        told = await ask(shop, command="replies", order_id=ORDER)
        assert [reply["other_number"] for reply in told["replies"]] == [False]
        unknown = await ask(shop, command="use_number", order_id=ORDER, message_id="3A2")
        assert unknown["error"] == "unknown_reply"

    in_shop(story)


def test_an_order_is_typed_in_without_a_phone() -> None:
    async def story(shop: Shop) -> None:
        typed = {key: value for key, value in TYPED.items() if key != "phone"}
        assert (await ask(shop, **typed))["ok"]
        assert (await ask(shop, **{**TYPED, "phone": "não sei"}))["error"] == "invalid_phone"

    in_shop(story)
