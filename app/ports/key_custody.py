"""Port of the keys of the open database: recovery phrase and rotation."""

from typing import Protocol


class KeyCustody(Protocol):
    """All changes are on disk before they are in force."""

    @property
    def has_phrase(self) -> bool:
        """Whether a recovery phrase opens the keys of this database."""
        ...

    def draft_phrase(self) -> str:
        """Return twelve new words, which open nothing until `keep_phrase` puts them in force."""
        ...

    async def keep_phrase(self, phrase: str) -> None:
        """Wrap the keys for this phrase; a former one is void. Raises BadKeyError, WrongKeyError."""
        ...

    def opens(self, phrase: str) -> bool:
        """Return whether the phrase is the one in force; raises BadKeyError for what is no phrase."""
        ...

    async def rotate(self) -> None:
        """Add a data key, which seals from now on; cells of older keys still open. Raises WrongKeyError."""
        ...
