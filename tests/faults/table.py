"""Plays every trial and shows, fault by fault, what was injected, what the program did and what it said."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from traceback import extract_tb

from tests.faults.away_faults import AWAY
from tests.faults.certificate_faults import CERTIFICATE
from tests.faults.connection_faults import CONNECTION
from tests.faults.encryption_faults import ENCRYPTION
from tests.faults.hidden_faults import HIDDEN
from tests.faults.history_faults import HISTORY
from tests.faults.inbound_faults import INBOUND
from tests.faults.login_faults import LOGINS
from tests.faults.message_faults import MESSAGES
from tests.faults.pairing_faults import PAIRING
from tests.faults.sending_faults import SENDING
from tests.faults.small_faults import OWN_ACCOUNT
from tests.faults.stage import Stage
from tests.faults.trial import Seen, Trial, Trials

PAGE = Path("resources/docs/faults.md")
SUBJECTS: Sequence[Trials] = (
    PAIRING,
    CONNECTION,
    LOGINS,
    CERTIFICATE,
    MESSAGES,
    SENDING,
    ENCRYPTION,
    INBOUND,
    HISTORY,
    HIDDEN,
    OWN_ACCOUNT,
    AWAY,
)
TRIALS: Sequence[Trial] = tuple(chain.from_iterable(SUBJECTS))
_HEAD = (
    "| # | injected | the program | it ends | it says | shortened |\n| --- | --- | --- | --- | --- | --- |"
)
_OPENING = """# Faults

What the real program does when WhatsApp does something else than it should: the services, the real sidecar and the real
Baileys against the [simulated WhatsApp](../whatsapp/simulator/README.md). Written by `uv run poe faults --write`, which
plays every row; a test plays them too, and compares.

P is pairing, C the connection, M a message, H the chats that the phone pushes at linking, S the shop's own phone and
devices, A what waited while the program was away, W what else the wire can do. "It ends" is the lamp with its reason,
or the state of the message, as the program itself has it. Where a real wait is long, the last column says to what it
was cut, by settings or by the program's clock; the rule is the same.
"""
_ROW = re.compile(r"\| [A-Z]\d+ \|")
RED = Seen("**red**: the program cannot do this yet")


@dataclass(frozen=True)
class Played:
    """`trouble` says why it is red."""

    trial: Trial
    seen: Seen | None
    trouble: str = ""

    def __str__(self) -> str:
        sign = "✓" if self.seen else "✗"
        seen = self.seen or Seen(self.trouble)
        said = "".join(f"\n    “{each}”" for each in seen.said)
        return f"{sign} {self.trial.fault:4} {self.trial.promise}: {seen.end}{said}"


async def played(stage: Stage, trial: Trial) -> Played:
    try:
        return Played(trial, await stage.play(trial))
    except Exception as trouble:  # noqa: BLE001 - one red row must not hide the others
        where = [
            frame for frame in extract_tb(trouble.__traceback__) if frame.filename.endswith("_faults.py")
        ]
        return Played(trial, None, f"{type(trouble).__name__} {trouble} at {where[-1:]}")


def begins(trial: Trial) -> str:
    """The part of its line that does not depend on how it went."""
    return f"| {trial.fault} | {trial.injected} | {trial.promise} |"


def row(trial: Trial, seen: Seen) -> str:
    """This trial's line of the page."""
    cells = (seen.end, "<br>".join(seen.said) or "–", trial.shortened or "–")
    return f"{begins(trial)} {' | '.join(cells)} |"


def page(rows: Iterable[Played]) -> str:
    """The whole document; a red row says so."""
    by_trial = {each.trial: each.seen or RED for each in rows}
    parts = [_OPENING]
    for trials in SUBJECTS:
        lines = "\n".join(row(trial, by_trial[trial]) for trial in trials)
        parts.append(f"## {trials.subject}\n\n{_HEAD}\n{lines}\n")
    return "\n".join(parts)


def rows_of(text: str) -> list[str]:
    """The lines of the page's tables."""
    return [line for line in text.splitlines() if _ROW.match(line)]
