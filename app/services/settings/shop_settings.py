"""Settings of the shop: their values in force with their sources, and their change by the manager."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.domain.access import ProtectedAct
from app.domain.errors import SettingRefusedError
from app.domain.events import SettingsChanged
from app.domain.setting_sources import SettingSources, SettingStatus, SourcedValue, status_of
from app.domain.setting_spec import Applies, SettingSpec, SettingValue, shown_value
from app.domain.settings import SETTINGS, Settings, names_first_number
from app.ports.store import Store
from app.services.access.gate import AccessGate
from app.services.event_bus import EventBus
from app.services.settings.screen_values import save_screen_value
from app.services.settings.session_names import SessionNames


class ShopSettings:
    """`sources` are those of the start; `put_in_force` is called with the settings after each change.

    Environment and `config.toml` overrule a value chosen here, which is kept all the same.
    """

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        gate: AccessGate,
        sources: SettingSources,
        put_in_force: Callable[[Settings], None],
        session_names: SessionNames,
    ) -> None:
        self._store, self._bus, self._gate = store, bus, gate
        self._at_start = self._sources = sources
        self._put_in_force = put_in_force
        self._one_by_one = asyncio.Lock()
        self.session_names = session_names

    def all(self) -> tuple[SettingStatus, ...]:
        """Return the status of each setting, in the order of the model."""
        return tuple(self.status(name) for name in SETTINGS)

    def status(self, name: str) -> SettingStatus:
        """Return a setting's value in force, its source, and the value that waits; KeyError for another name."""
        spec = SETTINGS[name]
        return status_of(spec, self._resolve(spec), self._sources)

    async def change(self, name: str, value: object) -> SettingStatus:
        """Save a value, put it into force unless it waits for the next start, and publish the change.

        Raises SettingRefusedError and ManagerNeededError.
        """
        spec = _changeable(name)
        try:
            parsed = spec.parse(value)
        except ValueError:
            shown = shown_value(value)
            raise SettingRefusedError(name=spec.name, value=shown, allowed=spec.allowed) from None
        first = self._resolve(SETTINGS["WHATSAPP_SESSION_ID"]).value
        if names_first_number(name, parsed, first):
            reason, shown = "first_number", shown_value(first)
            raise SettingRefusedError(reason=reason, name=spec.name, value=shown, allowed=spec.allowed)
        return await self._save(spec, parsed)

    async def reset(self, name: str) -> SettingStatus:
        """Remove the value chosen on screen; raises SettingRefusedError and ManagerNeededError."""
        return await self._save(_changeable(name), None)

    async def _save(self, spec: SettingSpec, value: SettingValue | None) -> SettingStatus:
        await self._gate.authorize(ProtectedAct.CHANGE_SETTING)
        # In order: of two changes at a time, the later commit is put into force last.
        async with self._one_by_one:
            screen = await self._store.transact(lambda rows: save_screen_value(rows, spec.name, value))
            self._sources = replace(self._sources, screen=screen)
            self._put_in_force(self._in_force())
        self._bus.publish(SettingsChanged(frozenset({spec.name})))
        return self.status(spec.name)

    def _in_force(self) -> Settings:
        values: dict[str, Any] = {name: self._resolve(spec).value for name, spec in SETTINGS.items()}
        return Settings(**values)

    def _resolve(self, spec: SettingSpec) -> SourcedValue:
        sources = self._sources if spec.applies is Applies.AT_ONCE else self._at_start
        return sources.resolve(spec.name)


def _changeable(name: str) -> SettingSpec:
    """Return the specification of a setting that has a screen; raises SettingRefusedError for another."""
    spec = SETTINGS.get(name)
    if spec is None:
        raise SettingRefusedError(reason="unknown", name=shown_value(name), value="", allowed="")
    if not spec.on_screen:
        raise SettingRefusedError(reason="not_on_screen", name=name, value="", allowed=spec.allowed)
    return spec
