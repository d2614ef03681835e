"""Window preferences as one small JSON file in the data folder, not in the database that copies carry along."""

import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from app.ports.sounds import Sound
from app.ports.window_preferences import LetterSize, ThemeChoice, WindowPreferences

_log = logging.getLogger(__name__)

_FILE: Final = "window.json"
_DEFAULT: Final = WindowPreferences()
_LONGEST: Final = 20_000


class PreferencesFile:
    """File `window.json` of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE

    def load(self) -> WindowPreferences:
        try:
            fields = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return _DEFAULT
        return _preferences_of(fields) if isinstance(fields, dict) else _DEFAULT

    def save(self, preferences: WindowPreferences) -> None:
        fields = {
            "theme": preferences.theme,
            "letters": preferences.letters,
            "sounds": sorted(preferences.sounds),
            "toasts": preferences.toasts,
            "place": preferences.place,
        }
        unfinished = self._file.with_suffix(".part")
        try:
            unfinished.write_text(json.dumps(fields), "utf-8")
            unfinished.replace(self._file)
        except OSError as error:
            _log.warning("preferences_not_saved", extra={"error_type": type(error).__name__})
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)


def _preferences_of(fields: dict[str, Any]) -> WindowPreferences:
    sounds, place = fields.get("sounds"), fields.get("place")
    known = {sound for sound in Sound if isinstance(sounds, list) and sound in sounds}
    return WindowPreferences(
        theme=next((each for each in ThemeChoice if each == fields.get("theme")), _DEFAULT.theme),
        letters=next((each for each in LetterSize if each == fields.get("letters")), _DEFAULT.letters),
        sounds=frozenset(known) if isinstance(sounds, list) else _DEFAULT.sounds,
        toasts=fields["toasts"] if isinstance(fields.get("toasts"), bool) else _DEFAULT.toasts,
        place=place if isinstance(place, str) and len(place) <= _LONGEST else "",
    )
