"""What the rows of every table need beside their connection."""

from dataclasses import dataclass

from app.adapters.sqlite.cell_sealer import CellSealer
from app.adapters.sqlite.tables import Tables
from app.adapters.sqlite.unreadable_cells import UnreadableCells
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.vault import Vault


@dataclass(frozen=True, slots=True)
class RowDependencies:
    """One set per open store; both of its connections share it."""

    tables: Tables
    vault: Vault
    sealer: CellSealer
    cells: UnreadableCells
    clock: Clock
    entropy: Entropy
