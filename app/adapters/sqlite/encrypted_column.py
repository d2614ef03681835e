"""A column whose content only the vault can read."""

import logging
from collections.abc import Callable

from sqlalchemy import Dialect
from sqlalchemy.types import UserDefinedType

from app.domain.errors import WrongKeyError
from app.ports.vault import Vault

_log = logging.getLogger(__name__)


class EncryptedText(UserDefinedType[str]):
    """Text that is sealed on its way to the disk; `column` is `table.column`, and opens nowhere else (X3).

    A cell that does not open reads as emptied, so that it keeps no other row from being read; the disk keeps it.
    """

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
        return lambda sealed: None if sealed is None else self._opened(sealed)

    def _opened(self, sealed: bytes) -> str:
        try:
            return self.vault.open(sealed, self.column).decode()
        except WrongKeyError:
            _log.error("cell_unreadable", extra={"column": self.column})
            return ""
