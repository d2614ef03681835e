"""Collects which requirements exist, which are pending, and which tests say that they prove one."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LISTED = re.compile(r"^- \*\*([A-Z]\d+)\*\* \S", re.MULTILINE)
TYPESCRIPT_MARK = re.compile(r"^\s*// requirement: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Faults:
    """What is wrong between the list, the pending ones and the tests; all empty when nothing is."""

    without_test: frozenset[str]
    unknown: frozenset[str]

    @classmethod
    def between(cls, listed: Iterable[str], pending: Iterable[str], tested: Iterable[str]) -> "Faults":
        """Compare the three."""
        known, waiting, proven = frozenset(listed), frozenset(pending), frozenset(tested)
        return cls(
            without_test=known - waiting - proven,
            unknown=(waiting | proven) - known,
        )


def listed_in(requirements: str) -> list[str]:
    """The ids of the page: each opens a list entry, in bold."""
    return LISTED.findall(requirements)


def pending_in(text: str) -> list[str]:
    """One id a line; what follows a # is a remark."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def marked_in_python(text: str) -> list[str]:
    """Ids given to `pytest.mark.requirement`, on a test, a class or a module."""
    found = []
    for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)):
        if is_mark(call.func):
            found += [literal(argument) for argument in call.args]
    return found


def is_mark(function: ast.expr) -> bool:
    """True for `….mark.requirement`."""
    if not isinstance(function, ast.Attribute) or function.attr != "requirement":
        return False
    return isinstance(function.value, ast.Attribute) and function.value.attr == "mark"


def literal(argument: ast.expr) -> str:
    """A mark that is computed cannot be collected without running it."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise ValueError(f"line {argument.lineno}: a requirement's id must be written out")


def marked_in_typescript(text: str) -> list[str]:
    """Ids in comments like `// requirement: S1, S5` of a test file."""
    return [name.strip() for names in TYPESCRIPT_MARK.findall(text) for name in names.split(",")]


def marked_in(paths: Iterable[Path]) -> list[str]:
    """Ids that these test files name."""
    return [
        name
        for path in paths
        for name in (marked_in_python if path.suffix == ".py" else marked_in_typescript)(
            path.read_text("utf-8")
        )
    ]
