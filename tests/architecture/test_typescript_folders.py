"""The folders of the sidecar and of the simulator import each other in one direction."""

import re
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

import pytest

from tests.architecture.tracked_files import ROOT, WORKSPACE, files_under

SPECIFIER = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")


def imported_files(path: PurePosixPath, text: str) -> list[PurePosixPath]:
    """Return the files below the workspace that a TypeScript file imports by a relative path."""
    return [_resolved(path.parent / specifier) for specifier in SPECIFIER.findall(text)]


def _resolved(path: PurePosixPath) -> PurePosixPath:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)


def folder_of(path: PurePosixPath) -> str:
    """Return the folder of a file; a file directly below the sidecar or the simulator is a place of its own."""
    return "/".join(path.parts[:2]) if len(path.parts) > 1 else path.name


def folder_graph(sources: Iterable[tuple[PurePosixPath, str]]) -> dict[str, set[str]]:
    """Return each folder with the folders that it imports, itself left out."""
    graph: dict[str, set[str]] = {}
    for path, text in sources:
        targets = {folder_of(target) for target in imported_files(path, text)}
        graph.setdefault(folder_of(path), set()).update(targets - {folder_of(path)})
    return graph


def cycle_in(graph: dict[str, set[str]]) -> list[str]:
    """Return the folders of one cycle in order, or an empty list."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def product_sources(program: str) -> list[tuple[PurePosixPath, str]]:
    """Return path and text of each TypeScript file of one program that is not a test."""
    workspace = ROOT / WORKSPACE
    paths = [path for path in files_under(f"{WORKSPACE}/{program}", suffix=".ts") if _is_product(path)]
    return [
        (PurePosixPath(path.relative_to(workspace).as_posix()), path.read_text("utf-8")) for path in paths
    ]


def _is_product(path: Path) -> bool:
    return not path.name.endswith(".test.ts")


@pytest.mark.parametrize("program", ["sidecar", "simulator"])
def test_typescript_folders_form_no_cycle(program: str) -> None:
    graph = folder_graph(product_sources(program))
    assert len(graph) > 5
    assert cycle_in(graph) == []


def test_cycle_between_folders_is_found() -> None:
    there = (PurePosixPath("simulator/world/network.ts"), 'import { Attempt } from "../pairing/attempt.ts";')
    back = (
        PurePosixPath("simulator/pairing/attempt.ts"),
        'import type { Network } from "../world/network.ts";',
    )
    assert cycle_in(folder_graph([there])) == []
    assert set(cycle_in(folder_graph([there, back]))) == {"simulator/world", "simulator/pairing"}


def test_every_form_of_import_is_read() -> None:
    text = 'import "../a.ts";\nimport {\n  one,\n} from "./b.ts";\nexport * from "../c/d.ts";\nawait import("./e.ts");'
    found = imported_files(PurePosixPath("sidecar/session/f.ts"), text)
    assert [str(path) for path in found] == [
        "sidecar/a.ts",
        "sidecar/session/b.ts",
        "sidecar/c/d.ts",
        "sidecar/session/e.ts",
    ]
