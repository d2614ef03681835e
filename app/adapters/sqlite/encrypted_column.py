"""A column whose content only the vault can read."""

from collections.abc import Callable

from sqlalchemy import Dialect
from sqlalchemy.types import UserDefinedType

from app.ports.vault import Vault


class EncryptedText(UserDefinedType[str]):
    """Text that is sealed on its way to the disk; `column` is `table.column`, and opens nowhere else (X3)."""

    cache_ok = True

    def __init__(self, column: str, vault: Vault) -> None:
        self.column = column
        self.vault = vault

    def get_col_spec(self, **_: object) -> str:
        return "BLOB"

    def bind_processor(self, _dialect: Dialect) -> Callable[[str | None], bytes | None]:
        seal, column = self.vault.seal, self.column
        return lambda text: None if text is None else seal(text.encode(), column)

    def result_processor(self, _dialect: Dialect, _type: object) -> Callable[[bytes | None], str | None]:
        unseal, column = self.vault.open, self.column
        return lambda sealed: None if sealed is None else unseal(sealed, column).decode()
