"""Executor of the commands about settings; no answer holds a secret."""

from typing import Any

from app.domain.errors import BadFieldError
from app.domain.identifiers import SessionId
from app.domain.setting_sources import SettingStatus
from app.headless.manager_commands import SessionNaming, SettingChange, SettingCommand, SettingsList
from app.services.runtime.core import Core


async def execute_setting_command(core: Core, command: SettingCommand) -> dict[str, Any]:
    match command:
        case SettingsList():
            return {
                "settings": [_status_json(each) for each in core.settings.all()],
                "sessions": _names(core),
            }
        case SettingChange(name=name, value=None):
            return _status_json(await core.settings.reset(name))
        case SettingChange():
            return _status_json(await core.settings.change(command.name, command.value))
        case SessionNaming():
            session_id = SessionId(command.session)
            if session_id not in core.sessions.ids:
                raise BadFieldError(field="session")
            await core.settings.session_names.rename(session_id, command.name)
            return {"sessions": _names(core)}


def _status_json(status: SettingStatus) -> dict[str, Any]:
    """Return the value in force, and only where they exist the value of the screen and the one that waits."""
    others = {"screen": status.screen_value, "next": status.next_value}
    return {
        "name": status.name,
        "value": status.value,
        "source": status.source,
        "applies": status.spec.applies,
        "overruled": status.is_overruled,
        **{field: value for field, value in others.items() if value is not None},
    }


def _names(core: Core) -> list[dict[str, str | None]]:
    names = core.settings.session_names
    return [{"session": each, "name": names.name_of(each)} for each in core.sessions.ids]
