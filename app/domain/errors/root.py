"""Root of the product's errors.

Each class has a stable `code`; the message catalog gives every code one Portuguese sentence and one action. Details
that help the reader of that sentence travel as `facts`, never a phone, a name, a text or a key.
"""

from typing import ClassVar


class CocoLokoError(Exception):
    """Root of the tree; never raised itself."""

    code: ClassVar[str] = "unexpected"

    def __init__(self, **facts: str | int) -> None:
        super().__init__(self.code)
        self.facts = facts
