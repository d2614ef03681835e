"""Preferences of this PC as the window holds them: one value, saved with every change."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.ports.window_preferences import LetterSize, WindowPreferences, WindowPreferencesStore


class Preferences(QObject):
    """Present preferences; without a store they last as long as the window."""

    changed = Signal()

    def __init__(self, store: WindowPreferencesStore | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.value = store.load() if store else WindowPreferences()

    def change(self, **fields: Any) -> None:  # noqa: ANN401 - the fields of WindowPreferences
        """Replace these fields, save, and emit `changed`."""
        changed = replace(self.value, **fields)
        if changed != self.value:
            self.value = changed
            if self._store:
                self._store.save(changed)
            self.changed.emit()

    def step_letters(self, by: int) -> None:
        """Make the letters of the order list larger or smaller, one size at a time."""
        sizes = list(LetterSize)
        at = sizes.index(self.value.letters) + by
        self.change(letters=sizes[max(0, min(at, len(sizes) - 1))])
