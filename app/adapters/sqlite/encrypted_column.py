"""A column whose content only the vault can read."""

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from app.ports.vault import Vault


class EncryptedText(TypeDecorator[str]):
    """Text that is sealed on its way to the disk; `column` is `table.column`, and opens nowhere else (X3)."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str, vault: Vault) -> None:
        super().__init__()
        self.column = column
        self.vault = vault

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else self.vault.seal(value.encode(), self.column)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        return None if value is None else self.vault.open(value, self.column).decode()
