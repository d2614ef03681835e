"""Commands about the manager's PIN, the recovery phrase, the keys and the audit log (X3, X5)."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

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


class KeyRotation(ProtectedCommand):
    """Add a data key and seal every cell anew with it, in the background."""

    command: Literal["rotate_keys"]


class AuditCommand(ProtectedCommand):
    """Return the latest entries of the audit log, or verify its chain."""

    command: Literal["audit_log", "audit_verify"]
    limit: Annotated[int, PlainNumber] = Field(100, ge=1, le=1000)


ManagerCommand = PinChange | AuditCommand | KeyRotation | PhrasePinReset
