"""Commands about an order whose customer was not told, and about its steps back (C7, C9)."""

from typing import Literal
from uuid import UUID

from pydantic import Field, StrictBool

from app.headless.program_command import ProgramCommand


class StageCommand(ProgramCommand):
    """Send the stage's message again, mark it as told in person, or take the stage back."""

    command: Literal["send_again", "already_told", "step_back"]
    order_id: UUID


class OrderHandOver(ProgramCommand):
    """Mark the stage's message as sent by hand; `show` returns its text and link, which name the customer."""

    command: Literal["hand_over"]
    order_id: UUID
    show: StrictBool = False


class PhoneCorrection(ProgramCommand):
    """Give the order another number, and tell its customer there."""

    command: Literal["correct_phone"]
    order_id: UUID
    phone: str = Field(max_length=60)


OrderCommand = StageCommand | OrderHandOver | PhoneCorrection
