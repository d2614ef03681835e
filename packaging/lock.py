"""Regeneration of packaging/requirements.lock and of the version pins in pyproject.toml."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
LOCK = ROOT / "packaging" / "requirements.lock"
BLOCK = re.compile(r"^constraint-dependencies = \[\n(?:  .*\n)*\]\n", re.MULTILINE)


def pins_in(lock: str) -> list[str]:
    """Return the pinned requirements of a lock file, with their markers and without hashes."""
    lines = (line.removesuffix("\\").strip() for line in lock.splitlines() if "==" in line)
    return [line for line in lines if not line.startswith(("#", "--"))]


def with_pins(project: str, pins: list[str]) -> str:
    """Return the text of pyproject.toml with the constraint block replaced."""
    lines = "".join(f'  "{pin}",\n' for pin in pins)
    replaced, count = BLOCK.subn(lambda _: f"constraint-dependencies = [\n{lines}]\n", project)
    if count != 1:
        raise ValueError(f"pyproject.toml holds {count} blocks of constraint-dependencies, not one.")
    return replaced


def compile_lock(arguments: list[str]) -> None:
    """Resolve versions with uv; it keeps those of the old lock file unless told to --upgrade."""
    command = ["uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--universal", "--generate-hashes"]
    fixed = ["--no-header", "--no-annotate", "--quiet", "-o", str(LOCK.relative_to(ROOT))]
    subprocess.run([*command, *fixed, *arguments], cwd=ROOT, check=True)


def main() -> int:
    """Remove the project's old pins while uv resolves, then write the new ones."""
    project = PROJECT.read_text(encoding="utf-8")
    PROJECT.write_text(with_pins(project, []), encoding="utf-8")
    try:
        compile_lock(sys.argv[1:])
    except BaseException:
        PROJECT.write_text(project, encoding="utf-8")
        raise
    PROJECT.write_text(with_pins(project, pins_in(LOCK.read_text(encoding="utf-8"))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
