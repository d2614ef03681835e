"""Renderer of all views to PNG files and a contact sheet: `python -m tests.gui.screens DIR`."""

import os
import subprocess
import sys
from pathlib import Path

from tests.gui.screens.contact_sheet import write_contact_sheet

# What Windows leaves of 1366x768, and of a full HD screen at 150 %; and the smallest window.
_SCREENS = (("1366x690", "1"), ("1280x640", "1.5"), ("1024x640", "1"))


def main() -> int:
    if len(sys.argv) < 2:
        sys.stderr.write("usage: python -m tests.gui.screens DIR [SCENE …]\n")
        return 2
    folder = Path(sys.argv[1]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    for size, scale in _SCREENS:
        # The scale can be chosen only before Qt starts.
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "QT_API": "pyside6",
            "QT_SCALE_FACTOR": scale,
            "TZ": "America/Bahia",
        }
        command = [sys.executable, "-m", "tests.gui.screens.shooting", str(folder), size, *sys.argv[2:]]
        if subprocess.run(command, env=environment, check=False).returncode:
            return 1
    sys.stdout.write(f"{write_contact_sheet(folder)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
