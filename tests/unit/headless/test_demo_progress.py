"""Demo progress: a rush in lines that do not repeat themselves."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from app.domain.events import ConnectionChanged, NotificationChanged, NotificationQueued, OrderChanged
from app.domain.identifiers import MessageId, NotificationId, OrderId, SessionId
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.session import ConnectionState, ConnectionStatus
from app.headless.demo_progress import DemoProgress
from app.headless.demo_report import report
from app.headless.demo_text import DemoText
from app.headless.event_narrator import EventNarrator
from app.ports.training import PhonesTally
from tests.harness.shop import Shop, in_shop
from tests.unit.headless.test_self_test import SENTENCES

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_OURS = OrderId("ours")


def _message(number: int, order_id: OrderId = _OURS, state: State = State.PENDING) -> Notification:
    return Notification(
        id=NotificationId(UUID(int=number)),
        order_id=order_id,
        type=NotificationType.READY,
        occurrence=1,
        session_id=SessionId("main"),
        phone=Phone("+5573999548537"),
        text="pronto",
        message_id=MessageId("3EB0"),
        created_at=_NOW,
        scheduled_at=_NOW,
        state=state,
    )


def test_the_course_of_a_rush_is_known_from_its_events_alone() -> None:
    course = DemoProgress([_OURS])
    assert course.follow(NotificationQueued(_message(1)))
    assert not course.follow(NotificationQueued(_message(2, OrderId("another's"))))
    assert (course.waiting, course.read, course.settled) == (1, 0, False)
    for state, waiting, settled in ((State.SENDING, 1, False), (State.SENT, 0, False), (State.READ, 0, True)):
        course.follow(NotificationChanged(_message(1, state=state)))
        assert (course.waiting, course.settled) == (waiting, settled)
    assert course.moved.is_set()


def test_what_was_there_before_does_not_overrule_a_newer_event() -> None:
    course = DemoProgress([_OURS])
    course.follow(NotificationChanged(_message(1, state=State.READ)))
    course.begin([_message(1, state=State.SENT), _message(2, state=State.READ)])
    assert (course.read, course.settled) == (2, True)


def test_on_the_way_to_a_connection_nothing_is_said_twice() -> None:
    narrator, status = EventNarrator(SENTENCES), ConnectionStatus(SessionId("main"))
    way = (
        *(
            ConnectionState.UNPAIRED,
            ConnectionState.CONNECTING,
            ConnectionState.UNPAIRED,
            ConnectionState.CONNECTING,
            ConnectionState.CONNECTED,
        ),
        *(
            ConnectionState.DISCONNECTED,
            ConnectionState.CONNECTING,
            ConnectionState.DISCONNECTED,
            ConnectionState.CONNECTED,
            ConnectionState.CONNECTED,
        ),
    )
    lines = [narrator.line(ConnectionChanged(replace(status, state=state))) for state in way]
    said = [line.removeprefix("WhatsApp ").rstrip(".") for line in lines if line]
    assert said == ["não conectado", "conectando", "conectado", "desconectado", "conectando", "conectado"]


def test_a_notice_is_said_as_one_would_say_it() -> None:
    async def story(shop: Shop) -> None:
        narrator, order = EventNarrator(SENTENCES), shop.order(114)
        narrator.line(OrderChanged(order))
        moved = NotificationChanged(_message(1, order.id, State.READ))
        assert narrator.line(moved) == "Pedido #114 · aviso de pronto: lido ✓✓"

    in_shop(story)


def test_a_conclusion_names_the_orders_and_says_what_still_waits() -> None:
    rows = [_message(1), _message(2, state=State.READ)]
    bad = report(1, rows, PhonesTally([], 0), 3.5)
    summary, waiting, orders, unannounced = DemoText(SENTENCES).conclusion(bad, [101, 105])
    assert summary.startswith("Não deu tudo certo: 1 pedidos")
    assert summary.endswith("1 perdidas, 0 repetidas no telefone, 3,5 s.")
    assert "terminou: 1." in waiting
    assert "#101, #105" in orders
    assert unannounced.endswith(": 1.")


def test_a_good_conclusion_is_one_line() -> None:
    good = replace(report(0, [], PhonesTally([], 0), 12.04), orders=0)
    assert [line[:7] for line in DemoText(SENTENCES).conclusion(good, [])] == ["Pronto:"]


def test_while_it_waits_it_says_for_what() -> None:
    words, status = DemoText(SENTENCES), ConnectionStatus(SessionId("main"), state=ConnectionState.CONNECTED)
    assert words.waiting(3, status) == "Esperando… avisos por concluir: 3. WhatsApp conectado."
    assert words.waiting(0, status).startswith("Esperando que os telefones dos clientes")
