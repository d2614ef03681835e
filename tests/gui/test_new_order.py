"""Form for a new order."""

from decimal import Decimal
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.order import OrderItem
from app.ui.language import amount
from app.ui.orders.new_order_dialog import NewOrderDialog, items_of
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop


async def opened(at: WindowShopHarness) -> NewOrderDialog:
    QTest.keyClick(at.window, Qt.Key.Key_F2)
    await wait_until(lambda: at.page.findChild(NewOrderDialog))
    dialog = at.page.findChild(NewOrderDialog)
    assert isinstance(dialog, NewOrderDialog)
    return dialog


@pytest.mark.requirement("C6")
def test_f2_opens_a_form_whose_order_is_stored_and_told(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(at.shop.order(41))
            dialog = await opened(at)
            assert dialog.number.text() == "42"
            dialog.name.setText("Maria 🌴")
            dialog.phone.setText("+5573999540001")
            dialog.items.setPlainText("2x Açaí 500 ml\nÁgua de coco")
            dialog.total.setText("1.234,50")
            dialog.submit()
            await wait_until(lambda: len(at.shop.messenger.sends) == 2)
            assert "R$ 1.234,50" in at.shop.messenger.sends[1].text
            await wait_until(lambda: at.page.orders.numbered(42))
            await wait_until(lambda: not at.page.findChild(NewOrderDialog))

    arun(story())


def test_new_order_grows_for_a_fault_of_two_lines(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            dialog = await opened(at)
            dialog.phone.setText("73 9999")
            dialog.submit()
            await for_a_while()
            fields = [dialog.number, dialog.name, dialog.phone, dialog.table, dialog.items, dialog.notes]
            for above, below in pairwise([*fields, dialog.total, dialog.paid]):
                assert above.geometry().bottom() < below.geometry().top()
            dialog.reject()

    arun(story())


def test_what_is_wrong_is_said_under_its_field_and_nothing_is_stored(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            dialog = await opened(at)
            dialog.phone.setText("não sei")
            dialog.submit()
            assert dialog.name_fault.text() == "Escreva o nome do cliente."
            assert dialog.phone_fault.text() == "O telefone não é válido: o telefone tem letras."
            assert dialog.total_fault.text() == "Escreva o valor, por exemplo 38,00."
            assert dialog.number_fault.text() == ""
            assert dialog.name.accessibleDescription() == "Escreva o nome do cliente."
            assert await at.shop.core.board.latest(1) == []
            dialog.reject()

    arun(story())


@pytest.mark.requirement("T7")
def test_what_is_empty_to_the_eye_is_no_name_and_no_table(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            dialog = await opened(at)
            dialog.name.setText("\u3164\u200b")
            dialog.total.setText("38")
            dialog.submit()
            assert dialog.name_fault.text() == "Escreva o nome do cliente."
            dialog.name.setText("\u202eAna\u2800")
            dialog.table.setText("\u200b")
            dialog.phone.setText("\u2800")
            dialog.submit()
            await wait_until(lambda: not at.page.findChild(NewOrderDialog))
            (order,) = await at.shop.core.board.latest(1)
            assert (order.customer_name, order.table_number) == ("Ana", None)

    arun(story())


def test_items_are_read_one_a_line_with_or_without_their_number() -> None:
    assert items_of("2x Açaí 500 ml\n\n 1 × Água\nCoxinha") == (
        OrderItem("Açaí 500 ml", 2, Decimal(0)),
        OrderItem("Água", 1, Decimal(0)),
        OrderItem("Coxinha", 1, Decimal(0)),
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("38", "38"),
        ("38,5", "38.5"),
        ("R$ 1.234,50", "1234.50"),
        ("38.50", "38.50"),
        ("", None),
        ("12a", None),
        ("38 00", None),
        ("R$38", "38"),
        ("R$ 1 234,50", None),
    ],
)
def test_sums_are_read_as_brazilians_write_them(typed: str, meant: str | None) -> None:
    assert amount(typed) == (Decimal(meant) if meant else None)
