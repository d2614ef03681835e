"""Foreign names and texts are shown verbatim, without Qt's markup."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as Guess
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app import paths
from app.domain.order import OrderItem
from app.services.text.message_catalog import MessageCatalog, Sentence
from app.ui.main_window import MainWindow
from app.ui.orders.custom_message_dialog import CustomMessageDialog
from app.ui.orders.resend_question import ResendQuestion
from app.ui.shown_text import (
    MarkupLabel,
    PlainLabel,
    PlainMessageBox,
    button_text,
    set_tooltip,
    title_text,
    tooltip_text,
)
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while, open_window_shop

pytestmark = pytest.mark.requirement("Z7")

NAME = "<h1>Ana&Bia</h1>"
TEXTS = [NAME, "<b>Ana</b>", "&lt;b&gt;", "<!-- x -->", "<?xml?>", "a\n<b>b</b>", "Ana & Bia", "5 < 6"]
WORD_JOINER = "\N{WORD JOINER}"


@pytest.mark.parametrize("text", TEXTS)
def test_tooltip_is_no_markup_and_reads_as_it_was_typed(theme: Theme, text: str) -> None:
    del theme
    widget = QWidget()
    set_tooltip(widget, text)
    assert not Guess.mightBeRichText(widget.toolTip())
    assert widget.toolTip().replace(WORD_JOINER, "") == text
    assert tooltip_text("Ana\nBia") == "Ana\nBia"


@pytest.mark.parametrize("text", TEXTS)
def test_labels_and_questions_show_every_sign(theme: Theme, text: str) -> None:
    del theme
    assert (PlainLabel(text).text(), PlainLabel(text).textFormat()) == (text, Qt.TextFormat.PlainText)
    question = PlainMessageBox()
    question.setText(text)
    question.setInformativeText(text)
    shown = {label.text(): label.textFormat() for label in question.findChildren(QLabel) if label.text()}
    assert shown == {text: Qt.TextFormat.PlainText}


def test_button_gets_no_shortcut_and_title_no_mark_from_a_name() -> None:
    assert button_text("Enviar para Ana&Bia") == "Enviar para Ana&&Bia"
    assert title_text("Loja [*]") == "Loja [*][*]"


def test_window_shows_the_shops_name_and_a_refused_value_as_typed(theme: Theme) -> None:
    sentences = MessageCatalog(paths.sentences("pt-BR").read_text("utf-8"))
    window = MainWindow(theme, sentences, "<i>Açaí & Cia</i> [*]", training=False)
    window.show()
    window.show_stop(Sentence("A configuração não aceita <b>x</b>.", "Corrija & abra."))
    assert _labels_that_read_markup(window) == []
    assert "A configuração não aceita <b>x</b>." in _words(window)
    tooltips = {widget.toolTip().replace(WORD_JOINER, "") for widget in window.findChildren(QWidget)}
    assert "<i>Açaí & Cia</i> [*]" in tooltips
    assert not any(Guess.mightBeRichText(widget.toolTip()) for widget in window.findChildren(QWidget))
    assert window.windowHandle().title() == "<i>Açaí & Cia</i> [*]: balcão"
    window.deleteLater()


def test_order_shows_its_customers_words_as_typed(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            item = OrderItem("<u>Açaí</u>", 1, at.shop.order(7).total)
            order = replace(
                at.shop.order(7), customer_name=NAME, notes="<s>sem</s>\ngranola & mel", items=(item,)
            )
            await at.see(order)
            await wait_until(lambda: (s := at.chip(order, 0)) is not None and s.word == "enviada")
            at.page.list.choose(order.id)
            await wait_until(lambda: at.page.detail.title.text() == f"#7 {NAME}")
            await for_a_while(20)
            assert _labels_that_read_markup(at.window) == []
            assert {"<u>Açaí</u>", "<s>sem</s>\ngranola & mel"} <= _words(at.window)
            tip = at.page.model.place_of(order.id).data(Qt.ItemDataRole.ToolTipRole)
            assert NAME in tip.replace(WORD_JOINER, "")
            for tooltip in (tip, *(widget.toolTip() for widget in at.window.findChildren(QWidget))):
                assert not Guess.mightBeRichText(tooltip)
            dialog = CustomMessageDialog(at.context, order, at.page)
            assert dialog.send.shortcut().isEmpty()
            assert dialog.send.text() == "Enviar para <h1>Ana&&Bia</h1>"
            dialog.close()
            row = (await at.context.core.board.rows([order.id]))[0]
            last = row.notices[0]
            assert last is not None
            question = ResendQuestion(row, last.notification, theme, at.page)
            assert NAME in question.informativeText()
            assert _labels_that_read_markup(question) == []
            assert [b for b in question.findChildren(QAbstractButton) if not b.shortcut().isEmpty()] == []
            question.deleteLater()

    arun(story())


def _labels_that_read_markup(widget: QWidget) -> list[str]:
    return [
        label.text()
        for label in widget.findChildren(QLabel)
        if label.textFormat() != Qt.TextFormat.PlainText
        and label.text()
        and not isinstance(label, MarkupLabel)
    ]


def _words(widget: QWidget) -> set[str]:
    return {label.text() for label in widget.findChildren(QLabel)}
