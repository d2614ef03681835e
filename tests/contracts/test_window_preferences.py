"""The preferences of the product and of the tests keep the same promises."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters.system.preferences_file import PreferencesFile
from app.ports.sounds import Sound
from app.ports.window_preferences import LetterSize, ThemeChoice, WindowPreferences, WindowPreferencesStore
from tests.simulators.memory_preferences import MemoryPreferences

pytestmark = pytest.mark.requirement("C8")

CHOSEN = WindowPreferences(
    ThemeChoice.DARK, frozenset({Sound.ORDER}), toasts=False, letters=LetterSize.FAR, place="AdnQywAD"
)


@pytest.fixture(params=[PreferencesFile, lambda _: MemoryPreferences()], ids=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> WindowPreferencesStore:
    make: Callable[[Path], WindowPreferencesStore] = request.param
    return make(tmp_path)


def test_preferences_are_the_defaults_at_the_first_start(store: WindowPreferencesStore) -> None:
    assert store.load() == WindowPreferences()
    assert Sound.ORDER not in store.load().sounds


def test_preferences_return_as_they_were_saved(store: WindowPreferencesStore) -> None:
    store.save(CHOSEN)
    assert store.load() == CHOSEN
    store.save(WindowPreferences())
    assert store.load() == WindowPreferences()
