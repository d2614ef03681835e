"""Keyring entry that tells an emptied data folder from a new one (Z6)."""

import hashlib
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Final

from app.adapters.vault.device_key import SourceUnusableError
from app.adapters.vault.keyring_access import KeyringAccess

_log = logging.getLogger(__name__)

# The start does not wait for a person's input for this entry.
_ANSWERS_WITHIN: Final = timedelta(seconds=5)
_KNOWN: Final = "1"


class KnownFolder:
    """Entry of one folder, named by a digest: the keyring must not list a person's folders."""

    def __init__(self, folder: Path, answers_within: timedelta = _ANSWERS_WITHIN) -> None:
        self._keyring = KeyringAccess(answers_within)
        path = os.path.normcase(folder.resolve())
        self._entry = f"coco-loko/folder-{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}"

    def is_known(self) -> bool:
        """Return whether a shop's database was opened here before; False where the keyring gives no answer."""
        try:
            return self._keyring.read(self._entry) == _KNOWN
        except SourceUnusableError as error:
            _log.warning("folder_unknown", extra={"reason": error.reason})
            return False

    def note(self) -> None:
        """Store the entry, where the keyring accepts it."""
        if self.is_known():
            return
        try:
            self._keyring.keep(self._entry, _KNOWN)
        except SourceUnusableError as error:
            _log.warning("folder_not_noted", extra={"reason": error.reason})
