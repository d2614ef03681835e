"""Executor of the commands about untold orders and steps back."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.identifiers import OrderId
from app.domain.notification import HandOver, State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from tests.harness.customer_words import ANA, RUI, say
from tests.harness.shop import Shop, in_shop
from tests.unit.headless.test_command_executor import ORDER, TYPED, ask

READY = NotificationType.READY


def in_untold_shop(story: Callable[[Shop], Awaitable[None]]) -> None:
    """Run the story with the ready order 123, whose message WhatsApp refused."""

    async def run(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED, 400))
        assert (await ask(shop, **{**TYPED, "status": "ready"}))["ok"]
        await story(shop)

    in_shop(run)


async def act(shop: Shop, command: str, **fields: Any) -> dict[str, Any]:
    return await ask(shop, command=command, order_id=ORDER, **fields)


async def state(shop: Shop) -> tuple[State, str | None]:
    rows = await shop.core.board.notifications([OrderId(ORDER)])
    ready = max((row for row in rows if row.type is READY), key=lambda row: row.occurrence)
    return ready.state, ready.reason


@pytest.mark.requirement("C9")
def test_send_again_queues_a_refused_message_once_more() -> None:
    async def story(shop: Shop) -> None:
        assert await act(shop, "send_again") == {"ok": True}
        assert await state(shop) == (State.SENT, None)
        assert (await act(shop, "send_again"))["error"] == "not_allowed_now"

    in_untold_shop(story)


@pytest.mark.requirement("C9")
def test_already_told_marks_the_message_as_told_in_person() -> None:
    async def story(shop: Shop) -> None:
        assert await act(shop, "already_told") == {"ok": True}
        assert await state(shop) == (State.HANDED_OVER, HandOver.IN_PERSON)
        assert (await act(shop, "already_told"))["error"] == "not_allowed_now"

    in_untold_shop(story)


@pytest.mark.requirement("C7", "P3")
def test_hand_over_names_its_customer_only_on_request() -> None:
    async def story(shop: Shop) -> None:
        assert await act(shop, "hand_over") == {"ok": True}
        assert await state(shop) == (State.HANDED_OVER, HandOver.BY_LINK)

    async def shown(shop: Shop) -> None:
        answer = await act(shop, "hand_over", show=True)
        assert answer["link"].startswith(f"https://wa.me/{ANA.number[1:]}?text=")
        assert "pronto" in answer["text"]

    in_untold_shop(story)
    in_untold_shop(shown)


@pytest.mark.requirement("X1")
def test_hand_over_is_refused_after_an_opt_out() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR")
        assert (await act(shop, "hand_over", show=True))["error"] == "opted_out"
        assert (await act(shop, "already_told"))["ok"]

    in_untold_shop(story)


@pytest.mark.requirement("C9", "P1")
def test_correct_phone_tells_the_customer_at_the_new_number() -> None:
    async def story(shop: Shop) -> None:
        refused = await act(shop, "correct_phone", phone="7")
        assert (refused["error"], refused["reason"]) == ("invalid_phone", "not_a_number")
        assert await act(shop, "correct_phone", phone=RUI.number) == {"ok": True}
        assert shop.messenger.sends[-1].jid == f"{RUI.number[1:]}@s.whatsapp.net"
        assert await state(shop) == (State.SENT, None)

    in_untold_shop(story)


@pytest.mark.requirement("C9")
def test_step_back_answers_the_status_that_the_order_has_then() -> None:
    async def story(shop: Shop) -> None:
        assert await act(shop, "step_back") == {"ok": True, "status": "in_preparation"}
        assert (await act(shop, "step_back"))["status"] == "paid"
        assert (await act(shop, "step_back"))["error"] == "not_allowed_now"

    in_untold_shop(story)


@pytest.mark.parametrize("command", ["send_again", "already_told", "hand_over", "step_back"])
def test_order_command_about_an_unknown_order_is_refused(command: str) -> None:
    async def story(shop: Shop) -> None:
        assert (await act(shop, command))["error"] == "unknown_order"

    in_shop(story)


def test_corrected_phone_of_an_unknown_order_is_refused() -> None:
    async def story(shop: Shop) -> None:
        answer = await act(shop, "correct_phone", phone=Phone("+5573988887777").number)
        assert answer["error"] == "unknown_order"

    in_shop(story)
