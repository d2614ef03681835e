"""Trial of the frozen program: its self-test on a bare PC, without PATH or settings, with an empty home."""

import os
import subprocess
import sys
import tempfile

from build import FROZEN

# Without this variable Windows starts no program at all.
_OF_WINDOWS = ("SYSTEMROOT",)
_ENDS_WITHIN_SECONDS = 90


def main() -> int:
    """Run the self-test and return its exit code."""
    program = FROZEN / ("coco-balcao-console.exe" if sys.platform == "win32" else "coco-balcao")
    with tempfile.TemporaryDirectory() as home:
        bare = {name: os.environ[name] for name in _OF_WINDOWS if name in os.environ}
        done = subprocess.run(
            [program, "--self-test"],
            cwd=home,
            env={**bare, "HOME": home, "PATH": ""},
            stdin=subprocess.DEVNULL,
            timeout=_ENDS_WITHIN_SECONDS,
            check=False,
        )
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
