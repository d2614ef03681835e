"""Checks the TypeScript side with the wheel's Node: types, lint, format, tests."""

import os
import subprocess
import sys
from pathlib import Path

from whatsapp_bundles import BundleError, install_packages, run_command, wanted_node
from wheel_node import WheelNodeMissingError, find_wheel_node

ROOT = Path(__file__).resolve().parent.parent
WORKSPACE = ROOT / "resources" / "whatsapp"
CHECKS = (
    ("types", ("node_modules/typescript/bin/tsc", "--noEmit")),
    ("lint", ("node_modules/eslint/bin/eslint.js", ".")),
    ("format", ("node_modules/prettier/bin/prettier.cjs", "--check", ".")),
    ("tests", ("--test", "sidecar/**/*.test.ts", "simulator/**/*.test.ts")),
)


def main() -> int:
    """Run the checks in order and stop at the first that fails."""
    try:
        wheel = find_wheel_node()
        install_packages(WORKSPACE, wheel, wanted_node(ROOT), run_command)
    except (BundleError, WheelNodeMissingError) as error:
        print(error, file=sys.stderr)
        return 1
    # A test that starts Node by name must meet this one too.
    path = os.pathsep.join([str(wheel.node.parent), os.environ.get("PATH", "")])
    for name, arguments in CHECKS:
        print(f"sidecar: {name}", flush=True)
        command = [str(wheel.node), *arguments]
        done = subprocess.run(command, cwd=WORKSPACE, env={**os.environ, "PATH": path}, check=False)
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
