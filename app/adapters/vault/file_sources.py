"""Device keys that come from the environment or lie in a file as they are."""

from pathlib import Path

from app.adapters.vault.device_key import SourceUnusableError
from app.adapters.vault.key_text import key_as_text, key_from_text
from app.adapters.vault.owner_file import read_owner_file, write_owner_file
from app.domain.errors import BadKeyError


class EnvironmentSource:
    """`COCO_MASTER_KEY`: for kiosks and machines without a keyring."""

    name = "environment"
    given = True

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self) -> bytes:
        return key_from_text(self._text, self.name)

    def keep(self, _key: bytes, /) -> None:
        raise SourceUnusableError("missing")


class KeyFileSource:
    """`COCO_KEY_FILE`: a file that somebody else made, for instance a service manager's credential."""

    name = "key_file"
    given = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> bytes:
        """Never None: a file that is pointed at and missing is a mistake to be named."""
        text = read_owner_file(self._path, self.name)
        if text is None:
            raise BadKeyError(place=self.name, reason="missing")
        return key_from_text(text, self.name)

    def keep(self, _key: bytes, /) -> None:
        """A service manager's file is not ours to write."""
        raise SourceUnusableError("missing")


class TrainingFileSource:
    """A training database protects nobody's secrets: its key lies beside it, and the keyring is left alone (D1)."""

    name = "training_file"
    given = False

    def __init__(self, folder: Path) -> None:
        self._path = folder / "training.key"

    def read(self) -> bytes | None:
        text = read_owner_file(self._path, self.name)
        return None if text is None else key_from_text(text, self.name)

    def keep(self, key: bytes, /) -> None:
        write_owner_file(self._path, key_as_text(key))
