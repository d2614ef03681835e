"""Services of the first run: progress and first message, as front ends are given them."""

from dataclasses import dataclass

from app.services.setup.first_message import FirstMessage
from app.services.setup.first_run import FirstRun


@dataclass(frozen=True, slots=True)
class SetupServices:
    first_run: FirstRun
    first_message: FirstMessage
