"""Printed papers: a camera reads the link from the code of both file kinds."""

import asyncio
import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app import paths
from app.adapters.paper.printed_paper import PrintedPaper
from app.adapters.paper.typesetting import settable
from app.domain.claim_text import chat_link
from app.domain.errors import PaperRefusedError
from app.domain.phone import Phone
from app.ports.paper import PaperKind, Poster, RollWidth, TillReceipt

PAPER = PrintedPaper(paths.fonts())
SHOP = Phone("+5573988112233")
POSTER = Poster(
    "Coco Loko Açaiteria",
    chat_link(SHOP),
    "WhatsApp (73) 98811-2233",
    "Acompanhe seu pedido",
    ("Aponte", "Complete", "Envie"),
    "Para sair, PARAR.",
)
RECEIPT = TillReceipt(
    chat_link(SHOP, 123), "Pedido 123", "Aponte a câmera e toque em enviar.", RollWidth.NARROW
)
A4_MILLIMETRES = (210, 297)


def poster(sheet: Poster = POSTER, kind: PaperKind = PaperKind.PNG) -> bytes:
    return asyncio.run(PAPER.poster(sheet, kind))


def receipt(code: TillReceipt = RECEIPT, kind: PaperKind = PaperKind.PNG) -> bytes:
    return asyncio.run(PAPER.till_receipt(code, kind))


def picture(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def rendered(content: bytes, dots_per_inch: int) -> Image.Image:
    """The one page, as a printer would put it on paper."""
    pages = pypdfium2.PdfDocument(content)
    assert len(pages) == 1
    page: Image.Image = pages[0].render(scale=dots_per_inch / 72).to_pil()
    return page


def read(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]


def millimetres(image: Image.Image) -> tuple[int, int]:
    across, down = image.info["dpi"]
    return round(image.width / across * 25.4), round(image.height / down * 25.4)


def test_the_posters_code_opens_the_shops_chat() -> None:
    sheet = picture(poster())
    assert read(sheet) == [chat_link(SHOP)]
    assert millimetres(sheet) == A4_MILLIMETRES
    for tone in ("#4B1D52", "#FBF7F0", "#2E7D4F"):
        found = tuple(bytes.fromhex(tone[1:]))
        assert any(colour == found for _, colour in sheet.getcolors(maxcolors=1 << 24) or ())


@pytest.mark.parametrize("dots_per_inch", [72, 150])
def test_so_does_that_of_its_pdf_as_it_is_printed(dots_per_inch: int) -> None:
    page = rendered(poster(kind=PaperKind.PDF), dots_per_inch)
    assert read(page) == [chat_link(SHOP)]
    assert (round(page.width / dots_per_inch * 25.4), round(page.height / dots_per_inch * 25.4)) == (210, 297)


def test_a_poster_that_was_scratched_and_seen_from_afar_is_still_read() -> None:
    sheet = picture(poster()).convert("L").resize((420, 594))
    sheet.paste(255, (150, 240, 185, 275))
    assert read(sheet) == [chat_link(SHOP)]


@pytest.mark.parametrize(
    "name", ["A", "", "🥥", "Ç" * 200, "Açaiteria e Lanchonete da Dona Maria das Graças Ltda 🥥 Bahia Brasil"]
)
def test_printed_code_reads_and_the_name_stays_in_its_band_for_any_name(name: str) -> None:
    sheet = picture(poster(replace(POSTER, shop=name)))
    assert read(sheet) == [chat_link(SHOP)]
    edges = sheet.crop((0, 0, 100, 540)), sheet.crop((sheet.width - 100, 0, sheet.width, 540))
    assert all(len(edge.getcolors() or ()) == 1 for edge in edges)


@pytest.mark.parametrize(("width", "dots"), [(RollWidth.NARROW, 384), (RollWidth.WIDE, 576)])
@pytest.mark.parametrize("number", [1, 123, 2**63 - 1])
def test_a_receipts_code_names_its_order_in_pure_black_and_white(
    width: RollWidth, dots: int, number: int
) -> None:
    code = replace(RECEIPT, link=chat_link(SHOP, number), heading=f"Pedido {number}", width=width)
    strip = picture(receipt(code))
    assert (strip.mode, strip.width) == ("1", dots)
    assert read(strip) == [chat_link(SHOP, number)]
    assert read(rendered(receipt(code, PaperKind.PDF), 203)) == [chat_link(SHOP, number)]


def test_a_file_is_written_whole_over_an_older_one(tmp_path: Path) -> None:
    file = tmp_path / "cartaz.png"
    for content in (b"old", poster()):
        asyncio.run(PAPER.keep(file, content))
    assert read(picture(file.read_bytes())) == [chat_link(SHOP)]
    assert list(tmp_path.iterdir()) == [file]
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o644


def test_a_place_that_takes_no_file_is_refused_and_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    for file in (tmp_path / "none" / "cartaz.png", tmp_path / "folder.png", tmp_path / "car\0taz.png"):
        with pytest.raises(PaperRefusedError) as refused:
            asyncio.run(PAPER.keep(file, b"content"))
        assert refused.value.facts == {"reason": "not_writable"}
    assert [each.name for each in tmp_path.iterdir()] == ["folder.png"]


@pytest.mark.parametrize("name", ["Coco\nLoko", "Coco\t Loko", " Coco 🥥 Loko\r\n"])
def test_settable_keeps_words_apart_where_the_name_has_a_line_break(name: str) -> None:
    assert settable(name) == "Coco Loko"
