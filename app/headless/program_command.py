"""Base of the commands that a program may give, and the numbers in them."""

import re
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def _plain_number(given: object) -> object:
    """Accept digits and one point, as JSON writes a number, but not `"38 00"`, `"3_8"` or `true`."""
    if isinstance(given, bool) or (isinstance(given, str) and not _NUMBER.fullmatch(given)):
        raise ValueError("no plain number")
    return given


PlainNumber = BeforeValidator(_plain_number)
WholeNumber = Annotated[int, PlainNumber, Field(ge=-(2**63), lt=2**63)]
_Id = WholeNumber | Annotated[str, Field(max_length=200)] | None


class ProgramCommand(BaseModel):
    """Command of a program; its `id` is repeated in the answer, so that commands may be pipelined."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: _Id = None


class ProtectedCommand(ProgramCommand):
    """Command that needs the manager's PIN while one is set; it opens the gate for itself alone."""

    pin: SecretStr | None = Field(None, max_length=60)
