"""Messages of a customer to the shop in memory, and the shop's sends so far."""

from itertools import count

from app.domain.identifiers import MessageId
from app.domain.lid import lid_of
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from tests.harness.shop import MAIN, Shop
from tests.simulators.moved_clock import let_tasks_run

ANA, ANA_BEFORE_2016, RUI = Phone("+5573999548537"), Phone("+557399548537"), Phone("+5573988887777")
_ids = count()


async def say(
    shop: Shop,
    text: str,
    phone: Phone | None = ANA,
    *,
    lid: str | None = None,
    jid: str | None = None,
    message_id: str | None = None,
    live: bool = True,
    kind: str = "text",
) -> None:
    named = MessageId(message_id or f"3AIN{next(_ids)}")
    at = shop.clock.now()
    await shop.messenger.emit(
        Inbound(MAIN, named, phone, kind, text, at, live=live, lid=lid_of(lid), jid=jid)
    )
    await let_tasks_run()


def first_words(shop: Shop) -> list[str]:
    """Return the first word of each send: `Oi` announces an order, `Pronto` confirms an opt-out, `Que` an opt-in."""
    return [send.text.split()[0].strip(":!,") for send in shop.messenger.sends]
