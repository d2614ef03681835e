"""Window preferences in memory."""

from app.ports.window_preferences import WindowPreferences


class MemoryPreferences:
    def __init__(self) -> None:
        self._saved = WindowPreferences()

    def load(self) -> WindowPreferences:
        return self._saved

    def save(self, preferences: WindowPreferences) -> None:
        self._saved = preferences
