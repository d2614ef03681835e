"""Commands about PIN, recovery phrase, keys, audit log and settings (D4, X3, X5)."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StrictBool, StrictInt, model_validator

from app.headless.program_command import PlainNumber, ProgramCommand, ProtectedCommand


class PinChange(ProtectedCommand):
    """Set, change or remove the manager's PIN; `pin` is the present one (X5)."""

    command: Literal["set_pin", "remove_pin"]
    new_pin: SecretStr | None = Field(None, max_length=60)

    @model_validator(mode="after")
    def _names_the_new_one(self) -> Self:
        if (self.command == "set_pin") != (self.new_pin is not None):
            raise ValueError("set_pin alone has a new_pin")
        return self


class PhrasePinReset(ProgramCommand):
    """Remove a forgotten PIN by the recovery phrase (X5)."""

    command: Literal["reset_pin"]
    phrase: SecretStr = Field(max_length=400)


class PinCodeRequest(ProgramCommand):
    """Send a code to the shop's own phone that removes a forgotten PIN (X5)."""

    command: Literal["request_pin_code"]


class CodePinReset(ProgramCommand):
    """Remove a forgotten PIN by the code that the shop's own phone shows (X5)."""

    command: Literal["reset_pin_by_code"]
    code: SecretStr = Field(max_length=60)


class KeyRotation(ProtectedCommand):
    """Add a data key and seal every cell anew with it, in the background."""

    command: Literal["rotate_keys"]


class AuditCommand(ProtectedCommand):
    """Return the latest entries of the audit log, or verify its chain."""

    command: Literal["audit_log", "audit_verify"]
    limit: Annotated[int, PlainNumber] = Field(100, ge=1, le=1000)


class SettingsList(ProgramCommand):
    """Return every setting with its value in force and the source of that value (D4)."""

    command: Literal["settings"]


class SettingChange(ProtectedCommand):
    """Change a setting as the screen does; `null` removes the value chosen there (D4)."""

    command: Literal["set_setting"]
    name: str = Field(max_length=60)
    value: StrictBool | StrictInt | Annotated[str, Field(max_length=400)] | None


class SessionNaming(ProtectedCommand):
    """Name one of the shop's numbers; `null` removes its name (Q9)."""

    command: Literal["name_session"]
    session: str = Field(max_length=40)
    name: str | None = Field(max_length=80)


SettingCommand = SettingsList | SettingChange | SessionNaming
ManagerCommand = (
    PinChange
    | AuditCommand
    | KeyRotation
    | PhrasePinReset
    | PinCodeRequest
    | CodePinReset
    | SettingsList
    | SettingChange
    | SessionNaming
)
