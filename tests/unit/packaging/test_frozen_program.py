"""Contents of the frozen program."""

import re
from pathlib import Path

import pytest
from frozen_libraries import Entry, wanted_files, wanted_libraries
from frozen_parts import PartMissingError, files, is_frozen_module, node
from notices import runtime_distributions

from tests.architecture.tracked_files import ROOT, tracked_files

QT = "PySide6/Qt"
ASKS = {
    "/w/QtCore.abi3.so": ["libQt6Core.so.6"],
    "/w/libQt6Core.so.6": ["libicuuc.so.73", "libc.so.6"],
    "/w/libqgtk3.so": ["libgtk-3.so.0"],
    "/w/libqxcb.so": ["libQt6XcbQpa.so.6"],
}


def _entry(place: str, kind: str = "BINARY") -> Entry:
    return place, f"/w/{Path(place).name}", kind


def _kept(*entries: Entry) -> list[str]:
    wanted = wanted_libraries(entries, lambda file: ASKS.get(file, []))
    return [Path(place).name for place, _, _ in wanted]


def test_libraries_are_kept_that_something_asks_for() -> None:
    asked = ["libQt6Core.so.6", "libicuuc.so.73", "libQt6XcbQpa.so.6"]
    assert _kept(
        _entry("PySide6/QtCore.abi3.so", "EXTENSION"),
        _entry(f"{QT}/lib/libQt6Core.so.6"),
        _entry("libicuuc.so.73"),
        _entry(f"{QT}/lib/libQt6Quick.so.6"),
        _entry(f"{QT}/plugins/platforms/libqxcb.so"),
        _entry(f"{QT}/lib/libQt6XcbQpa.so.6"),
        _entry("node"),
    ) == ["QtCore.abi3.so", asked[0], asked[1], "libqxcb.so", asked[2], "node"]


def test_plugins_that_are_not_named_stay_behind_with_their_libraries() -> None:
    gtk = (_entry(f"{QT}/plugins/platformthemes/libqgtk3.so"), _entry("libgtk-3.so.0"))
    assert _kept(*gtk, _entry(f"{QT}/plugins/platforms/libqvnc.so")) == []


def test_windows_plugins_are_found_by_their_names_there() -> None:
    kept = _kept(
        _entry("PySide6\\plugins\\platforms\\qwindows.dll"),
        _entry("PySide6\\plugins\\imageformats\\qsvg.dll"),
        _entry("PySide6\\opengl32sw.dll"),
    )
    assert [name.rpartition("\\")[2] for name in kept] == ["qwindows.dll", "qsvg.dll"]


def test_frozen_program_omits_links_to_absent_files_and_other_translations() -> None:
    libraries = [_entry(f"{QT}/lib/libQt6Core.so.6")]
    entries = [
        _entry("libQt6Core.so.6", "SYMLINK"),
        _entry("libQt6Quick.so.6", "SYMLINK"),
        _entry(f"{QT}/translations/qtbase_pt_BR.qm", "DATA"),
        _entry(f"{QT}/translations/qtbase_fi.qm", "DATA"),
        _entry("resources/style.qss", "DATA"),
    ]
    kept = [place for place, _, _ in wanted_files(entries, libraries)]
    assert kept == ["libQt6Core.so.6", f"{QT}/translations/qtbase_pt_BR.qm", "resources/style.qss"]


def test_every_resource_that_the_program_reads_is_taken_along() -> None:
    taken = {Path(file) for file, _ in files(ROOT)}
    resources = ROOT / "resources"
    read = {
        path
        for path in tracked_files()
        if path.is_relative_to(resources)
        and not any(path.is_relative_to(resources / other) for other in ("docs", "whatsapp"))
    }
    assert read <= taken
    assert {path.name for path in taken} >= {"sidecar.mjs", "simulator.mjs", "LICENSE", "env.py"}


def test_revisions_travel_as_files_and_not_as_modules() -> None:
    folders = {folder for file, folder in files(ROOT) if re.match(r"r\d{4}_", Path(file).name)}
    assert folders == {"app/adapters/sqlite/migrations/versions"}
    assert not is_frozen_module("app.adapters.sqlite.migrations.env")
    assert is_frozen_module("app.adapters.sqlite.migrating")


def test_a_checkout_without_bundles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PartMissingError, match="poe bundles"):
        files(tmp_path)


def test_node_comes_without_npm() -> None:
    assert [(Path(file).stem, folder) for file, folder in node()] == [("node", ".")]


def test_the_notices_name_what_runs_and_not_what_tests() -> None:
    names = {found.metadata["Name"].lower() for found in runtime_distributions("coco-loko-balcao")}
    assert {"sqlalchemy", "pyside6_essentials", "cffi"} <= names
    assert not {"pytest", "ruff", "coco-loko-balcao"} & names
