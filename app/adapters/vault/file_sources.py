"""Device keys from the environment, or stored unwrapped in a file."""

from pathlib import Path

from app.adapters.vault.device_key import SourceUnusableError
from app.adapters.vault.key_text import key_as_text, key_from_text
from app.adapters.vault.owner_file import read_owner_file, write_owner_file
from app.domain.errors import BadKeyError


class EnvironmentSource:
    """Key of `COCO_MASTER_KEY`, for kiosks and machines without a keyring."""

    name = "environment"
    given = True

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self) -> bytes:
        return key_from_text(self._text, self.name)

    def keep(self, _key: bytes, /) -> None:
        raise SourceUnusableError("missing")


class KeyFileSource:
    """Key of `COCO_KEY_FILE`, a file from outside, for instance a service manager's credential."""

    name = "key_file"
    given = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> bytes:
        """Return the key; a missing file raises BadKeyError, because it was named on purpose."""
        text = read_owner_file(self._path, self.name)
        if text is None:
            raise BadKeyError(place=self.name, reason="missing")
        return key_from_text(text, self.name)

    def keep(self, _key: bytes, /) -> None:
        """Refuse to write: the file belongs to its service manager."""
        raise SourceUnusableError("missing")


class TrainingFileSource:
    """Key file beside a training database, which holds no real secrets; the keyring is not used (D1)."""

    name = "training_file"
    given = False

    def __init__(self, folder: Path) -> None:
        self._path = folder / "training.key"

    def read(self) -> bytes | None:
        text = read_owner_file(self._path, self.name)
        return None if text is None else key_from_text(text, self.name)

    def keep(self, key: bytes, /) -> None:
        write_owner_file(self._path, key_as_text(key))
