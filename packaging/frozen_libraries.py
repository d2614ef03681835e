"""Selection of the shared libraries and translations, found by PyInstaller, that the program loads."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

Entry = tuple[str, str, str]
"""PyInstaller's entry: target in the program, source, kind."""

# By the folder below Qt's plugins; a folder that is not named here is left out.
PLUGINS = {
    "iconengines": ("svgicon",),
    "imageformats": ("ico", "jpeg", "svg"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platforms": ("cocoa", "offscreen", "wayland", "windows", "xcb"),
    "platformthemes": ("xdgdesktopportal",),
    "styles": ("macstyle", "modernwindowsstyle"),
    "wayland-decoration-client": ("adwaita", "bradient"),
    "wayland-graphics-integration-client": ("qt-plugin-wayland-egl",),
    "wayland-shell-integration": ("xdg-shell",),
    "xcbglintegrations": ("xcb-egl-integration", "xcb-glx-integration"),
}
TRANSLATIONS = ("qtbase_en.qm", "qtbase_es.qm", "qtbase_pt_BR.qm")
# Loaded by QML and OpenGL alone, and larger than all of Qt's widgets together.
NEVER = ("opengl32sw.dll",)

Imports = Callable[[str], Iterable[str]]
"""Function from a file to the names of the libraries that it links to."""


def wanted_files(entries: Iterable[Entry], libraries: Iterable[Entry]) -> list[Entry]:
    """Return the entries without translations of other languages and without links to missing libraries."""
    there = {_name(library) for library in libraries}
    return [
        entry
        for entry in entries
        if (entry[2] != "SYMLINK" or _name(entry) in there)
        and (not _parts(entry, "translations") or _name(entry) in TRANSLATIONS)
    ]


def wanted_libraries(entries: Sequence[Entry], imports: Imports) -> list[Entry]:
    """Return modules, programs and plugins, with the libraries that they link to, directly or not."""
    candidates = [entry for entry in entries if _name(entry) not in NEVER and _is_wanted_plugin(entry)]
    by_name: dict[str, list[Entry]] = {}
    for entry in candidates:
        by_name.setdefault(_name(entry).lower(), []).append(entry)
    reached: set[str] = set()
    ahead = [entry for entry in candidates if _stands_alone(entry)]
    while ahead:
        entry = ahead.pop()
        name = _name(entry).lower()
        if name not in reached:
            reached.add(name)
            asked = imports(entry[1]) if entry[2] != "SYMLINK" else ()
            ahead += [found for one in asked for found in by_name.get(one.lower(), ())]
    return [entry for entry in candidates if _name(entry).lower() in reached]


def _stands_alone(entry: Entry) -> bool:
    """Return whether a file is loaded without a link to it: an extension module, Node, Python, a Qt plugin."""
    name = _name(entry)
    return (
        entry[2] == "EXTENSION"
        or name.startswith(("node", "libpython", "python3"))
        or bool(_parts(entry, "plugins"))
    )


def _is_wanted_plugin(entry: Entry) -> bool:
    parts = _parts(entry, "plugins")
    return not parts or PurePosixPath(parts[-1]).stem.removeprefix("lib").removeprefix("q") in {
        name.removeprefix("q") for name in PLUGINS.get(parts[0], ())
    }


def _parts(entry: Entry, folder: str) -> tuple[str, ...]:
    """Return the path below this folder of PySide6, empty for files elsewhere."""
    parts = PurePosixPath(entry[0].replace("\\", "/")).parts
    inside = parts[:1] == ("PySide6",) and folder in parts
    return parts[parts.index(folder) + 1 :] if inside else ()


def _name(entry: Entry) -> str:
    return PurePosixPath(entry[0].replace("\\", "/")).name
