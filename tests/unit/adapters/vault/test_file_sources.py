"""Device keys from the environment and from files: well formed, private to the owner, written atomically."""

import errno
import os
import unicodedata
from base64 import b64encode
from pathlib import Path

import pytest

from app.adapters.vault import owner_file, passphrase_source
from app.adapters.vault.device_key import SourceUnusableError
from app.adapters.vault.file_sources import EnvironmentSource, KeyFileSource, TrainingFileSource
from app.adapters.vault.passphrase_source import PassphraseSource
from app.domain.errors import BadKeyError, DiskFullError, WrongKeyError
from tests.simulators.seeded_entropy import SeededEntropy

KEY = bytes(range(32))
TEXT = b64encode(KEY).decode()
COMPOSED = "açaí na tigela"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
CHANCE = SeededEntropy(6)


def _file(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("text", [TEXT, KEY.hex(), KEY.hex().upper(), f"  {TEXT}\n", f"\ufeff{TEXT}\r\n"])
def test_a_key_is_base64_or_hex(text: str) -> None:
    assert EnvironmentSource(text).read() == KEY


@pytest.mark.parametrize(
    "text", ["senha", "x" * 64, b64encode(KEY[:31]).decode(), b64encode(KEY + b"1").decode()]
)
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadKeyError) as raised:
        EnvironmentSource(text).read()
    assert raised.value.facts["place"] == "environment"
    assert text not in str(raised.value) + str(raised.value.facts)


def test_a_key_file_is_read(tmp_path: Path) -> None:
    assert KeyFileSource(_file(tmp_path / "k", TEXT + "\n", 0o400)).read() == KEY
    with pytest.raises(BadKeyError) as refusal:
        KeyFileSource(tmp_path / "absent").read()
    assert refusal.value.facts["reason"] == "missing"


@pytest.mark.requirement("Z5")
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_key_file_is_read_when_an_editor_saved_it_in_its_own_way(
    tmp_path: Path, encoding: str, ending: str
) -> None:
    file = _file(tmp_path / "k", "")
    file.write_bytes((TEXT + ending).encode(encoding))
    assert KeyFileSource(file).read() == KEY


@pytest.mark.requirement("Z5")
@pytest.mark.parametrize(
    "raw", ["a chave é essa".encode("latin-1"), TEXT.encode("utf-16-le"), TEXT.encode() * 2000]
)
def test_key_file_is_refused_whole_when_its_bytes_are_no_plain_text(tmp_path: Path, raw: bytes) -> None:
    file = _file(tmp_path / "k", "")
    file.write_bytes(raw)
    with pytest.raises(BadKeyError) as refusal:
        KeyFileSource(file).read()
    assert refusal.value.facts == {"place": "key_file", "reason": "not_plain_text"}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(BadKeyError) as raised:
        KeyFileSource(_file(tmp_path / "k", TEXT, mode)).read()
    assert raised.value.facts == {"place": "key_file", "reason": "permissions"}


@pytest.mark.parametrize("text", ["", "á", "senha"])
def test_a_key_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadKeyError):
        KeyFileSource(_file(tmp_path / "k", text)).read()


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(BadKeyError):
        KeyFileSource(tmp_path).read()


def test_given_places_are_not_written_to(tmp_path: Path) -> None:
    for place in (EnvironmentSource(TEXT), KeyFileSource(tmp_path / "k")):
        with pytest.raises(SourceUnusableError):
            place.keep(KEY)
    assert list(tmp_path.iterdir()) == []


def test_the_training_key_lies_in_a_file_of_its_owner_alone(tmp_path: Path) -> None:
    place = TrainingFileSource(tmp_path / "new")
    assert place.read() is None
    place.keep(KEY)
    assert place.read() == KEY
    (file,) = (tmp_path / "new").iterdir()
    assert _mode(file) == 0o600
    assert _mode(file.parent) == 0o700


def test_a_passphrase_opens_what_it_closed_and_another_does_not(tmp_path: Path) -> None:
    place = PassphraseSource("açaí na tigela", tmp_path, CHANCE)
    assert place.read() is None
    place.keep(KEY)
    assert PassphraseSource("açaí na tigela", tmp_path, CHANCE).read() == KEY
    with pytest.raises(WrongKeyError):
        PassphraseSource("acai na tigela", tmp_path, CHANCE).read()
    (file,) = tmp_path.iterdir()
    assert _mode(file) == 0o600
    assert TEXT not in file.read_text()
    assert KEY.hex() not in file.read_text()


@pytest.mark.requirement("Z7")
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED, f"{COMPOSED}\n", f"{DECOMPOSED}\r\n"])
def test_passphrase_opens_the_key_however_it_is_typed(tmp_path: Path, typed: str) -> None:
    PassphraseSource(DECOMPOSED, tmp_path, CHANCE).keep(KEY)
    assert PassphraseSource(typed, tmp_path, CHANCE).read() == KEY


@pytest.mark.requirement("Z7")
@pytest.mark.parametrize("former", [COMPOSED, DECOMPOSED, f"{COMPOSED}\n", f"{DECOMPOSED}\n"])
def test_passphrase_opens_what_an_older_version_wrapped_for_its_raw_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, former: str
) -> None:
    with monkeypatch.context() as older:
        older.setattr(passphrase_source, "passphrase_spellings", lambda typed: (typed,))
        PassphraseSource(former, tmp_path, CHANCE).keep(KEY)
    assert PassphraseSource(former, tmp_path, CHANCE).read() == KEY
    if not former.endswith("\n"):
        assert PassphraseSource(COMPOSED, tmp_path, CHANCE).read() == KEY


@pytest.mark.requirement("Z7")
@pytest.mark.parametrize("typed", ["\n", "\r\n", " ", "\u200b\n", "\ufeff"])
def test_passphrase_makes_no_key_when_it_is_empty_to_the_eye(tmp_path: Path, typed: str) -> None:
    with pytest.raises(BadKeyError) as raised:
        PassphraseSource(typed, tmp_path, CHANCE).keep(KEY)
    assert raised.value.facts == {"place": "passphrase", "reason": "empty"}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": "other", "wrapped": "QUJD"}', "null", '{"wrapped": 1}']
)
def test_a_damaged_passphrase_file_is_named_as_such(tmp_path: Path, text: str) -> None:
    _file(tmp_path / "device.key", text)
    with pytest.raises(BadKeyError) as raised:
        PassphraseSource("açaí", tmp_path, CHANCE).read()
    assert raised.value.facts == {"place": "passphrase", "reason": "not_a_key"}


def test_a_write_that_is_not_allowed_says_so_itself(tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    with pytest.raises(IsADirectoryError):
        owner_file.write_owner_file(tmp_path / "k", "text")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_former_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    path = tmp_path / "k"
    owner_file.write_owner_file(path, "former")
    with monkeypatch.context() as broken:
        broken.setattr(*((os, "fsync", fails) if step == "fsync" else (Path, "replace", fails)))
        with pytest.raises(DiskFullError):
            owner_file.write_owner_file(path, "newer")
    assert path.read_text() == "former"
    owner_file.write_owner_file(path, "newest")
    assert path.read_text() == "newest"
    assert list(tmp_path.iterdir()) == [path]
