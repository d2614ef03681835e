"""First run: the steps that set a new shop up, and which of them are done or skipped."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class SetupStep(StrEnum):
    """Steps of the first run in their order; the names are stored."""

    WELCOME = "welcome"
    CONNECT = "connect"
    MESSAGE = "message"
    PIN = "pin"
    PHRASE = "phrase"
    ORDERS = "orders"
    POSTER = "poster"


SETUP_STEPS: Final = tuple(SetupStep)


@dataclass(frozen=True, slots=True)
class SetupProgress:
    """Steps that ended: `done`, or `skipped` to be taken up later; no step is both."""

    done: frozenset[SetupStep] = frozenset()
    skipped: frozenset[SetupStep] = frozenset()

    def with_done(self, step: SetupStep) -> "SetupProgress":
        return replace(self, done=self.done | {step}, skipped=self.skipped - {step})

    def with_skipped(self, step: SetupStep) -> "SetupProgress":
        """Return the progress with the step left for later; a step that is done stays done."""
        return self if step in self.done else replace(self, skipped=self.skipped | {step})

    def next_step(self, fulfilled: AbstractSet[SetupStep] = frozenset()) -> SetupStep | None:
        """Return the first step that has not ended; `fulfilled` ones need no act of a person."""
        ended = self.done | self.skipped | fulfilled
        return next((step for step in SETUP_STEPS if step not in ended), None)

    def left(self, fulfilled: AbstractSet[SetupStep] = frozenset()) -> tuple[SetupStep, ...]:
        """Return the steps that are not done, skipped ones included."""
        return tuple(step for step in SETUP_STEPS if step not in self.done | fulfilled)
