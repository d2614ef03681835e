"""How many examples a property is tried with: fewer where the tests are run once for every mutant."""

import os
from typing import Final

_MUTANT: Final = "MUTANT_UNDER_TEST" in os.environ


def examples(usual: int) -> int:
    """A twentieth under mutmut, which sets this variable: exact tests are to kill its mutants, not luck."""
    return max(usual // 20, 10) if _MUTANT else usual
