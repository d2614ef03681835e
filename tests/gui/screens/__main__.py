"""Renderer of all views to PNG files and a contact sheet: `python -m tests.gui.screens DIR`."""

import os
import subprocess
import sys
from pathlib import Path

from tests.gui.screens.contact_sheet import write_contact_sheet

# The counter's screen at 100 %, and a full HD one at 150 %.
_SCREENS = (("1366x768", "1"), ("1280x720", "1.5"))


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
