"""Checks of the TypeScript side, as package.json names them, with the wheel's Node."""

import os
import subprocess
import sys
from pathlib import Path

from whatsapp_bundles import BundleError, install_packages, run_command, wanted_node
from wheel_node import WheelNodeMissingError, find_wheel_node

ROOT = Path(__file__).resolve().parent.parent
WORKSPACE = ROOT / "resources" / "whatsapp"
SCRIPTS = ("types", "lint", "test")


def main() -> int:
    """Run the scripts in order; stop at the first failure."""
    try:
        wheel = find_wheel_node()
        install_packages(WORKSPACE, wheel, wanted_node(ROOT), run_command)
    except (BundleError, WheelNodeMissingError) as error:
        print(error, file=sys.stderr)
        return 1
    # The scripts of package.json start Node by name, and must find this one.
    path = os.pathsep.join([str(wheel.node.parent), os.environ.get("PATH", "")])
    for script in SCRIPTS:
        command = [str(wheel.node), str(wheel.npm), "run", "--silent", script]
        print(f"sidecar: {script}", flush=True)
        done = subprocess.run(command, cwd=WORKSPACE, env={**os.environ, "PATH": path}, check=False)
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
