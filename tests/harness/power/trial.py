"""Repeated power cuts, and the count of promises that the shop still keeps."""

import random  # noqa: TID251 - see disk.py
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.harness.power.disk import NOTHING, WHOLE, Disk, Luck
from tests.harness.power.journal import Act, Line
from tests.harness.power.life import FOLDER, Life, Moment, later_revisions, lived, spoken
from tests.harness.power.promises import Promise, as_text, held
from tests.harness.power.recorded_app import Day
from tests.harness.power.shop_process import ShopProcess, shop_process

LUCKS: Final = (
    NOTHING,
    Luck(arrives=0.5),
    Luck(arrives=0.7, torn=0.5),
    Luck(arrives=0.9, torn=0.2, garbage=0.1),
    Luck(arrives=0.2),
    WHOLE,
)
_CUTS_PER_LIFE: Final = 25
_ACTS: Final = 50
_ACTS_AFTER: Final = 3


@dataclass
class DurabilityReport:
    """Report: `faults` by cut; `promises` is the number checked after all cuts together."""

    cuts: int = 0
    second_cuts: int = 0
    promises: int = 0
    moments: Counter[Moment] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        return sum(": lost: " in fault for fault in self.faults)

    @property
    def failed(self) -> int:
        """Number of cuts with a fault."""
        return len({fault.split(",")[0] for fault in self.faults})


@dataclass
class Observer:
    """Observer that cuts the power; `seed` decides where, and which writes arrive."""

    process: ShopProcess
    seed: int
    report: DurabilityReport = field(default_factory=DurabilityReport)

    def watch(self, cuts: int) -> None:
        for first in range(0, cuts, _CUTS_PER_LIFE):
            life = lived(self.process, first // _CUTS_PER_LIFE, self.seed * 10_000 + first, _ACTS)
            for number in range(first, min(first + _CUTS_PER_LIFE, cuts)):
                self._cut(life, number)
            shutil.rmtree(life.root)

    def _cut(self, life: Life, number: int) -> None:
        chance = random.Random(f"{self.seed}/{number}")  # noqa: S311
        moments = [moment for moment in Moment if life.moments[moment]]
        moment = moments[number % len(moments)]
        lines = life.lines[: chance.choice(life.moments[moment])]
        self.report.cuts += 1
        self.report.moments[moment] += 1
        name = f"cut {number}, {moment}"
        self._go_on(life, self._left(Disk(life.root), lines, chance), spoken(lines), name, chance)

    def _go_on(self, life: Life, root: Path, kept: list[Promise], name: str, chance: random.Random) -> None:
        """The morning after, with a second cut in it, and the morning after that."""
        before = Disk.found(root)
        if self._is_well(self._day(life, root, kept, chance), name):
            lines = self.process.lines()
            end = chance.choice((chance.randrange(len(lines)), chance.randrange(_first_word(lines))))
            self.report.second_cuts += 1
            again = self._left(before, lines[:end], chance)
            more = held([*kept, *spoken(lines[:end])])
            self._is_well(self._day(life, again, more, chance), f"{name}, cut again")
            shutil.rmtree(again)
        shutil.rmtree(root)

    def _day(self, life: Life, root: Path, kept: list[Promise], chance: random.Random) -> Day:
        revisions = str(later_revisions(self.process.work))
        seed = chance.randrange(2**32)
        return Day(
            str(root / FOLDER), f"{seed:x}", seed, _ACTS_AFTER, as_text(kept), revisions, life.passphrase
        )

    def _is_well(self, day: Day, name: str) -> bool:
        """Check that the shop opens whole with all its promises, works a little and closes."""
        wrong = self.process.open(day)
        self.process.close()
        self.report.promises += len(day.promises)
        self.report.faults += (f"{name}: {each}" for each in wrong)
        return not wrong

    def _left(self, disk: Disk, lines: Sequence[Line], chance: random.Random) -> Path:
        disk.follow(lines)
        left = self.process.disks / f"left-{chance.randbytes(8).hex()}"
        disk.leave(left, chance.choice(LUCKS), chance)
        return left


def power_cuts(cuts: int, seed: int, *, careless: bool = False) -> DurabilityReport:
    """Cut the power so often; `careless` is a shop without full synchronisation."""
    with (
        TemporaryDirectory(prefix="coco-power-") as work,
        shop_process(Path(work), careless=careless) as process,
    ):
        observer = Observer(process, seed)
        observer.watch(cuts)
        return observer.report


def _first_word(lines: Sequence[Line]) -> int:
    return next(place for place, line in enumerate(lines) if line.act is Act.SAID)
