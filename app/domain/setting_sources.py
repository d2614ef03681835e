"""Precedence of a setting's sources: environment, `config.toml`, the screen's value, the default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from app.domain.setting_spec import SettingSpec, SettingValue
from app.domain.settings import SETTINGS, Settings

_HIDDEN: Final = "•••"


class SettingSource(StrEnum):
    """Sources of a value, by precedence."""

    ENVIRONMENT = "environment"
    CONFIG_FILE = "config_file"
    SCREEN = "screen"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class SourcedValue:
    """Value of a setting, and its source."""

    value: SettingValue
    source: SettingSource


@dataclass(frozen=True, slots=True)
class SettingSources:
    """Values of all sources: `given` from environment and file, `screen` from the database."""

    given: Mapping[str, SourcedValue] = field(default_factory=dict)
    screen: Mapping[str, SettingValue] = field(default_factory=dict)

    def resolve(self, name: str) -> SourcedValue:
        """Return the value of the first source that has one."""
        if name in self.given:
            return self.given[name]
        if name in self.screen:
            return SourcedValue(self.screen[name], SettingSource.SCREEN)
        return SourcedValue(SETTINGS[name].default, SettingSource.DEFAULT)

    def settings(self) -> Settings:
        """Return the settings that these sources put into force."""
        values: dict[str, Any] = {name: self.resolve(name).value for name in SETTINGS}
        return Settings(**values)


@dataclass(frozen=True, slots=True)
class SettingStatus:
    """Setting with its value in force and that value's source; a secret's value is masked."""

    spec: SettingSpec
    value: SettingValue
    source: SettingSource
    screen_value: SettingValue | None = None
    """Value chosen on the screen, in force or not."""
    next_value: SettingValue | None = None
    """Value from the next start on, where it differs."""

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def is_overruled(self) -> bool:
        """Whether environment or file overrule the value chosen on the screen; `source` says which."""
        return self.screen_value is not None and self.is_fixed

    @property
    def is_fixed(self) -> bool:
        """Whether environment or file give the value, so that the screen cannot."""
        return self.source in {SettingSource.ENVIRONMENT, SettingSource.CONFIG_FILE}

    @property
    def waits(self) -> bool:
        """Whether another value waits for the next start."""
        return self.next_value is not None


def status_of(spec: SettingSpec, in_force: SourcedValue, sources: SettingSources) -> SettingStatus:
    """Return the status of a setting, given its value in force and the present sources."""
    following = sources.resolve(spec.name).value
    next_value = None if following == in_force.value else following
    value = in_force.value
    if spec.secret:
        value = _HIDDEN if value else ""
        next_value = None if next_value is None else _HIDDEN
    return SettingStatus(spec, value, in_force.source, sources.screen.get(spec.name), next_value)
