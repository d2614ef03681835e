"""Options of the command line."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """Parsed command line options."""

    demo: bool = False
    headless: bool = False
    orders: int = 20
    seed: int = 1
    pace: bool = False
    as_json: bool = False
    data_dir: Path | None = None
    simulated_whatsapp: str | None = None
    self_test: bool = False
    backup: Path | None = None
    restore: Path | None = None
    new_database: bool = False
    reset_pin: bool = False
    recover: bool = False

    @property
    def on_database(self) -> bool:
        """Whether a command works on the database of a closed program."""
        return bool(self.backup or self.restore or self.reset_pin or self.recover)

    @property
    def training(self) -> bool:
        return self.demo or self.simulated_whatsapp is not None

    @property
    def keeps_pace(self) -> bool:
        """Whether the shop's own rate limits hold; a training has them on request."""
        return self.pace or not self.training

    @property
    def own_simulator(self) -> bool:
        """Whether the simulated world starts and ends with this run of the program."""
        return self.demo and self.simulated_whatsapp is None
