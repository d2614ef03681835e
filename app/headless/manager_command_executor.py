"""Executor of the commands about PIN, keys, settings and audit log; opens the gate for a command with a PIN."""

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from app.domain.access import PIN_CODE_LIVES, ProtectedAct
from app.domain.audit import AuditEntry
from app.headless.commands import Command
from app.headless.manager_commands import (
    AuditCommand,
    CodePinReset,
    KeyRotation,
    ManagerCommand,
    PhrasePinReset,
    PinChange,
    PinCodeRequest,
    SessionNaming,
    SettingChange,
    SettingsList,
)
from app.headless.setting_command_executor import execute_setting_command
from app.services.runtime.core import Core


def gate_for(core: Core, command: Command) -> AbstractAsyncContextManager[None]:
    """Return the context in which the command's PIN opens the gate, if it has one."""
    pin = getattr(command, "pin", None)
    return nullcontext() if pin is None else core.access.gate.opened_by(pin.get_secret_value())


async def execute_manager_command(core: Core, command: ManagerCommand) -> dict[str, Any]:
    match command:
        case SettingsList() | SettingChange() | SessionNaming():
            return await execute_setting_command(core, command)
        case PinChange():
            return await _change_pin(core, command)
        case AuditCommand():
            return await _read_audit_log(core, command)
        case KeyRotation():
            await core.access.recovery.rotate_keys()
        case PhrasePinReset():
            await core.access.recovery.reset_pin(command.phrase.get_secret_value())
        case PinCodeRequest():
            await core.access.reset_code.request()
            return {"valid_s": PIN_CODE_LIVES.total_seconds()}
        case CodePinReset():
            await core.access.reset_code.reset_pin(command.code.get_secret_value())
    return {}


async def _change_pin(core: Core, command: PinChange) -> dict[str, Any]:
    if command.new_pin is not None:
        await core.access.gate.set_pin(command.new_pin.get_secret_value())
    else:
        await core.access.gate.remove_pin()
    return {"pin_set": core.access.gate.has_pin}


async def _read_audit_log(core: Core, command: AuditCommand) -> dict[str, Any]:
    await core.access.gate.authorize(ProtectedAct.READ_AUDIT_LOG)
    if command.command == "audit_log":
        return {"entries": [_entry(each) for each in await core.access.audit.latest(command.limit)]}
    report = await core.access.audit.verify()
    findings = [{"number": each.number, "fault": each.fault} for each in report.findings]
    return {"sound": report.is_sound, "entries": report.entries, "findings": findings}


def _entry(entry: AuditEntry) -> dict[str, Any]:
    event = entry.event
    return {
        "number": entry.number,
        "at": event.at.isoformat(),
        "act": event.act,
        "actor": event.actor,
        "result": event.result,
    }
