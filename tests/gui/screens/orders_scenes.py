"""Scenes of Pedidos: full, empty, one order open, clicked, searched, without a connection, the forms."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.domain.claim_text import claim_text
from app.domain.identifiers import MessageId, OrderId
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from app.services.orders.order_list import Tab
from app.ui.orders.custom_message_dialog import CustomMessageDialog
from app.ui.orders.new_order_dialog import NewOrderDialog
from app.ui.orders.order_act import OrderAct
from app.ui.orders.orders_page import OrdersPage
from app.ui.orders.till_receipt_dialog import TillReceiptDialog
from tests.gui.screens.afternoon import live_through, one_waits_for_the_connection
from tests.gui.screens.stage import Stage
from tests.harness.shop import MAIN


async def empty(stage: Stage) -> None:
    _ = stage


async def loading(stage: Stage) -> None:
    """Show the loading page again: it is too short-lived to grab."""
    page = stage.find(OrdersPage)
    page.orders.loaded = False
    page.area.show_for(page.orders)


async def full(stage: Stage) -> None:
    await live_through(stage)
    await stage.settle()


async def opened(stage: Stage) -> None:
    await full(stage)
    stage.find(OrdersPage).jump(122)
    await stage.settle()


async def failed(stage: Stage) -> None:
    await full(stage)
    stage.find(OrdersPage).jump(123)
    await stage.settle()


async def clicked(stage: Stage) -> None:
    """Click twice within the undo window."""
    await opened(stage)
    page = stage.find(OrdersPage)
    for number in (126, 122):
        order_id = page.orders.numbered(number)
        assert order_id is not None
        page.acts.take_step(order_id)
        await stage.settle()
        await stage.shop.pass_time(seconds=0.8)
    await stage.settle()


async def doubtful(stage: Stage) -> None:
    await full(stage)
    stage.find(OrdersPage).jump(127)
    await stage.settle()


async def resending(stage: Stage) -> None:
    await opened(stage)
    stage.find(OrdersPage).detail.menu.resend.trigger()
    await stage.settle()


async def writing(stage: Stage) -> None:
    await opened(stage)
    page = stage.find(OrdersPage)
    assert page.list.current_order is not None
    page.write(page.list.current_order)
    await stage.settle()
    dialog = stage.find(CustomMessageDialog)
    dialog.text.setPlainText(
        "Oi, Maria! O açaí de *700 ml* acabou 😕\nPode ser o de 500 com _granola_ por conta da casa?"
    )
    await stage.settle()


async def writing_much(stage: Stage) -> None:
    await writing(stage)
    stage.find(CustomMessageDialog).text.setPlainText("Oi, Maria! Hoje tem *açaí* com tapioca.\n" * 30)
    await stage.settle()


async def not_found(stage: Stage) -> None:
    await full(stage)
    page = stage.find(OrdersPage)
    page.search.setText("Gumercindo")
    page.orders.set_search("Gumercindo")


async def offline(stage: Stage) -> None:
    await full(stage)
    await one_waits_for_the_connection(stage)


async def form(stage: Stage) -> None:
    await full(stage)
    stage.find(OrdersPage).open_new_order()
    await stage.settle()


async def form_with_faults(stage: Stage) -> None:
    await form(stage)
    dialog = stage.window.findChild(NewOrderDialog)
    assert isinstance(dialog, QWidget)
    dialog.phone.setText("73 9999")
    dialog.submit()
    await stage.settle()


async def _wrote(stage: Stage, phone: Phone, *texts: str) -> None:
    for text in texts:
        named, at = MessageId(f"3A{text[:8]}"), stage.shop.clock.now()
        await stage.shop.messenger.emit(Inbound(MAIN, named, phone, "text", text, at, live=True))
    await stage.settle()


async def replied(stage: Stage) -> None:
    """Show replies of two customers; one's order is selected, its last reply answered."""
    await full(stage)
    page = stage.find(OrdersPage)
    for number, texts in ((122, ("Já estou chegando!", "Pode ser sem leite condensado?")), (125, ("Oi",))):
        order_id = page.orders.numbered(number)
        assert order_id is not None
        (row,) = await stage.shop.core.board.rows([order_id])
        await _wrote(stage, Phone(row.order.customer_phone), *texts)
    page.jump(122)
    await stage.settle()
    await stage.shop.core.inbox.answer(page.orders.numbered(122) or OrderId(""), "Pode sim! 💜")
    await stage.settle()


async def picked_up(stage: Stage) -> None:
    """Show both answers to the *pronto* message; the order of one is selected."""
    await stage.shop.core.templates.pickup_offer.switch(on=True)
    await full(stage)
    page = stage.find(OrdersPage)
    late = replace(
        stage.shop.order(128, phone="+5573999509999"),
        customer_name="Maria Aparecida dos Santos Albuquerque de Melo 🏖️",
        table_number="12",
    )
    for status in ("paid", "in_preparation", "ready"):
        await stage.shop.see(replace(late, status=status))
    await stage.settle()
    for number, texts in ((119, ("1",)), (125, ("9️⃣",)), (128, ("já vou", "1"))):
        order_id = page.orders.numbered(number)
        assert order_id is not None
        (row,) = await stage.shop.core.board.rows([order_id])
        await stage.shop.pass_time(seconds=2)
        await _wrote(stage, Phone(row.order.customer_phone), *texts)
    page.tabs.choose(Tab.READY)
    page.jump(119)
    await stage.settle()


async def cannot_come(stage: Stage) -> None:
    await picked_up(stage)
    page = stage.find(OrdersPage)
    page.tabs.choose(Tab.ALL)
    page.jump(125)
    await stage.settle()


async def another_number(stage: Stage) -> None:
    await full(stage)
    await _wrote(stage, Phone("+5573988887777"), claim_text(122))
    stage.find(OrdersPage).jump(122)
    await stage.settle()


async def without_phone(stage: Stage) -> None:
    await full(stage)
    await stage.shop.see(replace(stage.shop.order(140, phone=""), customer_name="Bia Rocha"))
    await stage.settle()
    stage.find(OrdersPage).jump(140)
    await stage.settle()


async def opted_out(stage: Stage) -> None:
    await without_phone(stage)
    await _wrote(stage, Phone("+5573988887777"), "PARAR", claim_text(140))


async def receipt(stage: Stage) -> None:
    await without_phone(stage)
    stage.find(OrdersPage).detail.menu.receipt.trigger()
    for _ in range(200):
        await stage.settle()
        if stage.find(TillReceiptDialog).save.isEnabled():
            break


async def called(stage: Stage) -> None:
    """Open the panel for calling a customer without WhatsApp."""
    await full(stage)
    page = stage.find(OrdersPage)
    page.jump(124)
    await stage.settle()
    await stage.shop.pass_time(seconds=2)
    page.acts.take_step(page.orders.numbered(124) or OrderId(""))
    await stage.settle()


async def correcting(stage: Stage) -> None:
    """Correct the number of an order; what is typed is not complete yet."""
    await full(stage)
    page = stage.find(OrdersPage)
    page.jump(124)
    await stage.settle()
    page.detail.customer.correct()
    page.detail.customer.field.number.setText("7399")
    await stage.settle()


async def handed_over(stage: Stage) -> None:
    """Hand an order's message over; no browser opens here."""
    await full(stage)
    page = stage.find(OrdersPage)
    order_id = page.orders.numbered(123)
    assert order_id is not None
    page.jump(123)
    await stage.settle()
    await stage.shop.core.telling.hand_over(order_id)
    page.detail.say("O WhatsApp abriu com o texto pronto: é só enviar. O texto também foi copiado.")
    await stage.settle()


async def conversed(stage: Stage) -> None:
    """Show a conversation with an answer, scrolled to its end, and a quick answer chosen."""
    await replied(stage)
    page = stage.find(OrdersPage)
    page.detail.conversation.quick.chips[2].click()
    (row,) = await stage.shop.core.board.rows([page.orders.numbered(122) or OrderId("")])
    page.detail.act(OrderAct.ANSWER, row)
    await stage.settle()
