"""The sounds of the product and of the tests keep the same promises."""

from collections.abc import Iterator

import miniaudio
import pytest

from app import paths
from app.adapters.sound.miniaudio_sounds import MiniaudioSounds
from app.ports.sounds import Silence, Sound, Sounds
from tests.simulators.recorded_sounds import RecordedSounds

pytestmark = pytest.mark.requirement("C8")


def without_a_device() -> MiniaudioSounds:
    return MiniaudioSounds(paths.sounds(), [miniaudio.Backend.NULL])


@pytest.fixture(params=[without_a_device, RecordedSounds, Silence])
def sounds(request: pytest.FixtureRequest) -> Iterator[Sounds]:
    made: Sounds = request.param()
    yield made
    made.close()


@pytest.mark.parametrize("sound", list(Sound))
def test_sounds_play_each_kind_and_end(sounds: Sounds, sound: Sound) -> None:
    sounds.play(sound)
    sounds.close()


def test_sounds_ignore_what_comes_after_their_end(sounds: Sounds) -> None:
    sounds.close()
    sounds.play(Sound.UNTOLD)
    sounds.close()
