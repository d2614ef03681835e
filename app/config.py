"""Reader of the settings in the environment and `config.toml` in the data folder; it refuses wrong ones (D4)."""

import os
import re
import tomllib
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from app.domain.errors import BadSettingError
from app.domain.setting_sources import SettingSource, SettingSources, SourcedValue
from app.domain.setting_spec import SettingSpec, SettingValue, shown_value
from app.domain.settings import SETTINGS, Settings
from app.domain.text_decoding import decode_text

CONFIG_FILE: Final = "config.toml"
_NEAR: Final = 0.75
_LONGEST_SHOWN: Final = 60


def read_given(data_folder: Path) -> Mapping[str, SourcedValue]:
    """Return the values of environment and file; raises BadSettingError with the first wrong one."""
    written = _written(data_folder / CONFIG_FILE)
    for table, name in _unknown(written):
        if nearest := _nearest(name) or _nearest(f"{table}_{name}"):
            reason = "in_table" if table else "near"
            shown = name[:_LONGEST_SHOWN]
            raise BadSettingError(
                reason=reason, name=shown, nearest=nearest, table=table, value="", allowed=""
            )
    environment = {name.upper(): value for name, value in os.environ.items()}
    given: dict[str, SourcedValue] = {}
    for name, spec in SETTINGS.items():
        if name in environment:
            given[name] = SourcedValue(_parsed(spec, environment[name]), SettingSource.ENVIRONMENT)
        elif name in written:
            given[name] = SourcedValue(_parsed(spec, written[name]), SettingSource.CONFIG_FILE)
    return given


def read_settings(data_folder: Path) -> Settings:
    """Return the settings without the screen's values; raises BadSettingError."""
    return SettingSources(read_given(data_folder)).settings()


def _parsed(spec: SettingSpec, written: object) -> SettingValue:
    try:
        return spec.parse(written)
    except ValueError:
        value = "•••" if spec.secret else shown_value(written)
        raise BadSettingError(name=spec.name, value=value, allowed=spec.allowed) from None


def unknown_settings(data_folder: Path) -> tuple[str, ...]:
    """Return the names in `config.toml` without effect that resemble no setting."""
    unknown = _unknown(_written(data_folder / CONFIG_FILE))
    return tuple(
        f"{table}.{name}"[:_LONGEST_SHOWN] if table else name[:_LONGEST_SHOWN] for table, name in unknown
    )


def _written(file: Path) -> dict[str, Any]:
    """Read the file's content, empty where there is no file; raises BadSettingError."""
    try:
        text = decode_text(file.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError:
        raise _bad_file("unreadable", "um arquivo que este usuário possa ler") from None
    except ValueError:
        raise _bad_file("encoding", "um arquivo em UTF-8") from None
    try:
        written = tomllib.loads(text)
        # Dotted names nest as deep as lists do, and the parser does not refuse them.
        deque(_unknown(written), maxlen=0)
    except (RecursionError, ValueError) as error:
        # Also raised for a number of thousands of digits; no setting has so many.
        line = re.search(r"at line (\d+)", str(error))
        raise _bad_file("not_toml", "um arquivo TOML", line[1] if line else "–") from None
    return written


def _bad_file(reason: str, allowed: str, line: str = "") -> BadSettingError:
    return BadSettingError(reason=reason, name=CONFIG_FILE, value="", allowed=allowed, line=line)


def _unknown(written: Mapping[str, Any], table: str = "") -> Iterator[tuple[str, str]]:
    """Yield table and name of entries that are no settings, or stand in an unread table."""
    for name, value in written.items():
        tables = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
        inner = [each for each in tables if isinstance(each, dict)]
        if (table or name not in SETTINGS) and not inner:
            yield table, name
        for each in inner:
            yield from _unknown(each, f"{table}.{name}" if table else name)


def _nearest(name: str) -> str | None:
    """Return the setting of a similar name, in any case and hyphenation; None without one."""
    from difflib import get_close_matches  # noqa: PLC0415 - a misspelt name alone needs it

    plain = name.strip().upper().replace("-", "_").replace(" ", "_")
    return next(iter(get_close_matches(plain, SETTINGS, n=1, cutoff=_NEAR)), None)
