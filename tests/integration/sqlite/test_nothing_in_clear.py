"""Who takes the files away reads no phone, no name, no note, no text and no key in them."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from app.adapters.sqlite.engine import writing_engine
from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.consent import Consent, ConsentWay
from app.domain.contact import Contact
from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.lid import Lid
from app.domain.notification import State
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import Order, OrderItem
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.store import Rows
from tests.contracts.asked_store import owed
from tests.harness.opened_store import open_training_store

MAIN = SessionId("main")
NOW = datetime(2026, 1, 10, 15, tzinfo=UTC)
PHONE = Phone("+5573999998537")
SECRETS = (
    "73999998537",
    "99999-8537",
    "Ana Araújo",
    "sem granola",
    "Açaí Tropical",
    "Seu pedido chegou",
    "noiseKeySecret",
    "ratchetSecret",
    "16035551234",
    "16035559876",
    "ana.acai.tropical",
    "pediu no balcão",
    "trocar a calda",
    "quero acompanhar",
    "aW5saW5lIGhpc3Rvcnk=",
)
ORDER = Order(
    id=OrderId("o1"),
    number=142,
    customer_name="Ana Araújo",
    customer_phone="(73) 99999-8537",
    status="paid",
    payment_status=None,
    total=Decimal("19.90"),
    created_at=NOW,
    items=(OrderItem("Açaí Tropical", 1, Decimal("19.90")),),
    notes="sem granola",
)


def _fill(rows: Rows) -> None:
    rows.orders.save(ORDER)
    rows.notifications.add(owed(phone=PHONE, text="Seu pedido chegou, Ana Araújo"))
    rows.numbers.save(KnownNumber(PHONE, WhatsAppAccount(f"{PHONE.number[1:]}@s", "16035551234@lid"), NOW))
    rows.opt_outs.add(PHONE, OptOut(NOW, OptOutSource.CUSTOMER, reason="pediu no balcão"))
    rows.opt_outs.undo(PHONE, NOW, OptOutSource.MANAGER, "pediu no balcão")
    rows.opt_outs.hear(PHONE, MessageId("3AIN"), NOW)
    said = CustomerReply(MessageId("3AIN"), MAIN, PHONE, "text", "pode trocar a calda?", NOW, live=True)
    rows.replies.keep(said)
    hidden = Lid("16035559876@lid")
    rows.identities.connect(PHONE, hidden, NOW)
    rows.identities.name(hidden, "ana.acai.tropical", NOW)
    rows.notifications.add(owed("o2", phone=hidden, text="Seu pedido chegou, Ana Araújo"))
    rows.orders.save(replace(ORDER, id=OrderId("o2"), customer_phone=hidden.text), hidden)
    rows.replies.keep(replace(said, message_id=MessageId("3AIO"), phone=hidden), hidden)
    rows.opt_outs.add(hidden, OptOut(NOW, OptOutSource.CUSTOMER, reason="pediu no balcão"))
    rows.numbers.save(KnownNumber(hidden, WhatsAppAccount(hidden.text, hidden.text), NOW))
    rows.contacts.save(hidden, Contact(MAIN, NOW))
    rows.chat_timers.record(MAIN, hidden, 86_400, NOW)
    words = "quero acompanhar o pedido"
    hers = Consent(MessageId("3AIO"), MAIN, hidden, ConsentWay.WRITTEN, words, NOW, OrderId("o2"))
    rows.consents.keep(hers)
    rows.consents.keep(Consent(MessageId("3AIN"), MAIN, PHONE, ConsentWay.WRITTEN, words, NOW, OrderId("o1")))
    rows.sessions.save(SessionData(MAIN, '{"noiseKey": "noiseKeySecret"}', paired=True, phone=PHONE))
    rows.histories.keep(MAIN, "3AHISTORY", "aW5saW5lIGhpc3Rvcnk=")
    rows.sessions.save_keys(MAIN, {"session": {f"{PHONE.number[1:]}.0": "ratchetSecret"}})


def _files(folder: Path) -> Iterator[bytes]:
    for file in folder.iterdir():
        content = file.read_bytes()
        yield content
        yield content.decode("utf-16-le", "ignore").encode()
        yield content.decode("utf-16-be", "ignore").encode()


def _found(folder: Path) -> set[str]:
    contents = list(_files(folder))
    return {secret for secret in SECRETS if any(secret.encode() in content for content in contents)}


def test_nothing_personal_is_in_clear_in_any_file(tmp_path: Path) -> None:
    store = open_training_store(tmp_path)
    asyncio.run(store.transact(_fill))
    assert (tmp_path / "coco.db-wal").stat().st_size > 0
    assert _found(tmp_path) == set()
    seen = asyncio.run(store.read(lambda rows: rows.orders.get(OrderId("o1"))))
    asyncio.run(store.close())
    assert seen == ORDER
    assert _found(tmp_path) == set()


def test_what_is_no_secret_is_found_by_the_same_search(tmp_path: Path) -> None:
    store = open_training_store(tmp_path)
    asyncio.run(store.transact(_fill))
    asyncio.run(store.close())
    assert any(State.PENDING.encode() in content for content in _files(tmp_path))


def test_a_sealed_value_moved_to_another_column_or_key_does_not_open(tmp_path: Path) -> None:
    store = open_training_store(tmp_path)
    asyncio.run(store.transact(_fill))
    asyncio.run(
        store.transact(lambda rows: rows.sessions.save_keys(MAIN, {"session": {"1.0": "a", "2.0": "b"}}))
    )
    with writing_engine(tmp_path / "coco.db").begin() as connection:
        connection.exec_driver_sql("UPDATE orders SET order_notes = customer_name")
        connection.exec_driver_sql(
            "UPDATE whatsapp_session_keys SET value = (SELECT value FROM whatsapp_session_keys LIMIT 1)"
        )
    order = asyncio.run(store.read(lambda rows: rows.orders.get(OrderId("o1"))))
    assert order is not None
    assert order.notes == ""
    kept = asyncio.run(store.read(lambda rows: rows.sessions.keys(MAIN, "session", ["1.0", "2.0"])))
    assert len(kept) == 1
    asyncio.run(store.close())
