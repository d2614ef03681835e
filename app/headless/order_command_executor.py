"""Executor of the commands about untold orders and steps back."""

from typing import Any, assert_never

from app.domain.identifiers import OrderId
from app.headless.order_commands import OrderCommand, OrderHandOver, PhoneCorrection, StageCommand
from app.services.runtime.core import Core


async def execute_order_command(core: Core, command: OrderCommand) -> dict[str, Any]:
    """Execute the command; the answer names no customer unless `hand_over` is asked to show it (P3)."""
    order_id = OrderId(str(command.order_id))
    match command:
        case StageCommand():
            return await _act(core, command, order_id)
        case OrderHandOver():
            handed = await core.telling.hand_over(order_id)
            return {"link": handed.link, "text": handed.text} if command.show else {}
        case PhoneCorrection():
            await core.telling.correct_phone(order_id, command.phone)
            return {}
        case _:
            assert_never(command)


async def _act(core: Core, command: StageCommand, order_id: OrderId) -> dict[str, Any]:
    match command.command:
        case "send_again":
            await core.telling.send_again(order_id)
        case "already_told":
            await core.telling.mark_told(order_id)
        case "step_back":
            return {"status": (await core.orders.step_back(order_id)).status}
        case _:
            assert_never(command.command)
    return {}
