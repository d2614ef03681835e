"""Dialogs that a person closes before their work has ended."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog

from app.domain.errors import DiskFullError
from app.services.messaging.service import WhatsAppMessageService
from app.services.orders.invitations import Invitations
from app.services.orders.order_entry import OrderEntry
from app.services.text.message_catalog import Sentence
from app.ui.orders.custom_message_dialog import CustomMessageDialog
from app.ui.orders.new_order_dialog import NewOrderDialog
from app.ui.orders.till_receipt_dialog import TillReceiptDialog
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import SENTENCES, WindowShopHarness, for_a_while, open_window_shop


def write(at: WindowShopHarness) -> QDialog:
    dialog = CustomMessageDialog(at.context, at.shop.order(7), at.window)
    dialog.open()
    dialog.text.setPlainText("Já vai!")
    dialog.submit()
    return dialog


def add_order(at: WindowShopHarness) -> QDialog:
    dialog = NewOrderDialog(at.context, 9, at.window)
    dialog.open()
    dialog.name.setText("Ana")
    dialog.total.setText("38,00")
    dialog.submit()
    return dialog


def draw(at: WindowShopHarness) -> QDialog:
    dialog = TillReceiptDialog(at.context, at.shop.order(7), at.window)
    dialog.open()
    return dialog


OPENED = [
    (write, WhatsAppMessageService, "write_to_customer"),
    (add_order, OrderEntry, "add"),
    (draw, Invitations, "receipt"),
]


@pytest.mark.parametrize(("begin", "owner", "method"), OPENED)
@pytest.mark.parametrize("error", [None, DiskFullError()])
def test_closed_dialog_shows_only_the_failure_of_its_work_in_the_window(
    theme: Theme,
    arun: Run,
    monkeypatch: pytest.MonkeyPatch,
    begin: Callable[[WindowShopHarness], QDialog],
    owner: type,
    method: str,
    error: Exception | None,
) -> None:
    async def story() -> None:
        begun, released = asyncio.Event(), asyncio.Event()
        work: Callable[..., Awaitable[Any]] = getattr(owner, method)

        async def slow(*given: object) -> object:
            begun.set()
            await released.wait()
            if error:
                raise error
            return await work(*given)

        monkeypatch.setattr(owner, method, slow)
        async with open_window_shop(theme) as at:
            await at.see(at.shop.order(7))
            shown: list[Sentence] = []
            at.context.runner.problem_reported.connect(shown.append)
            dialog, closed = begin(at), asyncio.Event()
            dialog.destroyed.connect(closed.set)
            await begun.wait()
            dialog.reject()
            await wait_until(closed.is_set)
            released.set()
            await for_a_while()
            await at.context.runner.stop()
            assert shown == ([SENTENCES.of_error(DiskFullError())] if error else [])

    arun(story())
