"""Shared dependencies of the row classes of all tables."""

from dataclasses import dataclass

from app.adapters.sqlite.cell_sealer import CellSealer
from app.adapters.sqlite.customer_index import AddressIndexes
from app.adapters.sqlite.tables import Tables
from app.adapters.sqlite.unreadable_cells import UnreadableCells
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.vault import Vault


@dataclass(frozen=True, slots=True)
class RowDependencies:
    """One set per open store, shared by all of its connections."""

    tables: Tables
    vault: Vault
    sealer: CellSealer
    cells: UnreadableCells
    clock: Clock
    entropy: Entropy
    indexes: AddressIndexes
