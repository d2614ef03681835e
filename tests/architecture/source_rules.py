"""Finds what breaks the house rules for sizes, first sentences and names in one source text."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

LONGEST_FILE = 300
LONGEST_FUNCTION = 40

VAGUE_MODULES = frozenset(
    {"util", "utils", "helper", "helpers", "misc", "common", "shared", "base", "tool", "tools", "lib", "libs"}
)
VAGUE_ENDINGS = ("Handler", "Processor", "Controller", "Engine", "Helper", "Wrapper", "Impl")
FACADES = frozenset(
    {
        "WhatsAppConnectionManager",
        "WhatsAppMessageService",
        "NotificationQueueManager",
        "MessageTemplateManager",
    }
)
VAGUE_VERBS = ("handle_", "process_", "do_")
NAMED_BY_THE_DESIGN = frozenset({"process_pending_notifications"})
TYPESCRIPT_TYPE = re.compile(
    r"^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:class|interface)\s+(\w+)", re.MULTILINE
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def too_long_file(text: str) -> str | None:
    """Counts every line, blank ones too."""
    lines = len(text.splitlines())
    return f"{lines} lines" if lines > LONGEST_FILE else None


def too_long_functions(text: str) -> list[str]:
    """Functions and methods, counted from `def` to their last line, decorators left out."""
    lengths = ((function.name, last_line(function) - function.lineno + 1) for function in functions(text))
    return [f"{name}: {length} lines" for name, length in lengths if length > LONGEST_FUNCTION]


def missing_first_sentence(text: str) -> str | None:
    """A module with code opens with a docstring whose first paragraph is one sentence."""
    tree = ast.parse(text)
    if not tree.body:
        return None
    docstring = ast.get_docstring(tree)
    if docstring is None:
        return "no docstring"
    sentence = " ".join(docstring.split("\n\n")[0].split())
    return None if is_one_sentence(sentence) else f"not one sentence: {sentence}"


def missing_first_comment(text: str) -> str | None:
    """A TypeScript module opens with a comment."""
    return None if text.startswith(("//", "/*")) else "no comment before the code"


def is_one_sentence(text: str) -> bool:
    """Ends with a full stop, and has no other sentence before it."""
    return text.endswith(".") and re.search(r"[.!?]\s+[A-ZÀ-Ý]", text) is None


def vague_path(path: PurePosixPath) -> list[str]:
    """The parts of a path that say nothing."""
    parts = [*path.parts[:-1], path.name.split(".")[0]]
    return [part for part in parts if VAGUE_MODULES & set(re.split(r"[_-]", part.lower()))]


def vague_names(text: str) -> list[str]:
    """Classes and functions of a Python module whose names say nothing."""
    classes = (node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef))
    verbs = (function.name.lstrip("_") for function in functions(text))
    return [
        *(name for name in classes if is_vague_type(name)),
        *(name for name in verbs if name.startswith(VAGUE_VERBS) and name not in NAMED_BY_THE_DESIGN),
    ]


def vague_typescript_names(text: str) -> list[str]:
    """Classes and interfaces of a TypeScript module whose names say nothing."""
    return [name for name in TYPESCRIPT_TYPE.findall(text) if is_vague_type(name)]


def is_vague_type(name: str) -> bool:
    """The four façades alone are called Manager or Service."""
    bare = name.lstrip("_")
    if bare.endswith(("Manager", "Service")):
        return bare not in FACADES
    return bare.endswith(VAGUE_ENDINGS) or re.match(r"(Abstract|I)[A-Z][a-z]", bare) is not None


def reads_then_saves(text: str) -> list[str]:
    """Functions that read from the store in one unit of work and write to it in another."""
    found = ((function.name, _asked_of_the_store(function)) for function in functions(text))
    return [name for name, asked in found if asked >= {"read", "transact"}]


def _asked_of_the_store(function: Function) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    asked = (call for call in calls if isinstance(call, ast.Attribute))
    return {call.attr for call in asked if ast.unparse(call.value).endswith("store")}


def functions(text: str) -> Iterator[Function]:
    """Every function of a module, nested ones too."""
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, Function))


def last_line(function: Function) -> int:
    """Where a parsed function ends."""
    return function.end_lineno or function.lineno
