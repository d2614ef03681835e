"""Build of the two Node bundles, sidecar and simulated WhatsApp, when their sources have changed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wheel_node import WheelNode, WheelNodeMissingError, find_wheel_node

BUNDLES = ("sidecar", "simulator")
FOLDERS = (*BUNDLES, "runtime")
SETTINGS = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "tsconfig.json")
NPM_CI = (
    "ci",
    "--ignore-scripts",
    "--omit=peer",
    "--include=dev",
    "--no-update-notifier",
    "--fetch-retry-mintimeout=2000",
)
TIME_LIMIT_SECONDS = 900
# npm's error codes when a name does not resolve, no server answers, or the connection is cut.
OUT_OF_REACH = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "EHOSTUNREACH",
)


class BundleError(RuntimeError):
    """Error of a bundle build; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Outcome:
    """Exit code and whole output of a command."""

    exit_code: int
    printed: str


Run = Callable[[Sequence[str], Path], Outcome]


def main() -> int:
    """Build for this checkout, after a bundle was deleted and without an installation."""
    try:
        built = build_for_checkout(Path(__file__).resolve().parent.parent)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    print("The WhatsApp bundles were built." if built else "The WhatsApp bundles are up to date.")
    return 0


def build_for_checkout(root: Path) -> bool:
    """Build in the checkout at `root` with the installed wheel; return False when no build was due."""
    try:
        wheel = find_wheel_node()
    except WheelNodeMissingError as error:
        raise BundleError(str(error)) from None
    return build_bundles(root / "resources" / "whatsapp", wheel, wanted_node(root))


def wanted_node(root: Path) -> str:
    """Return the Node version that the checkout at `root` requires."""
    return (root / "packaging" / "NODE_VERSION").read_text(encoding="ascii").strip()


def run_command(command: Sequence[str], folder: Path) -> Outcome:
    """Run a command without a shell and without standard input, within the time limit."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=TIME_LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Outcome(1, f"ETIMEDOUT: no end after {TIME_LIMIT_SECONDS} seconds")
    return Outcome(done.returncode, done.stdout)


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the inherited environment, without the variables that make npm leave out the build's packages."""
    return {
        name: value for name, value in inherited.items() if name.upper() not in {"NODE_ENV", "NODE_OPTIONS"}
    }


def build_bundles(workspace: Path, wheel: WheelNode, node_version: str, run: Run = run_command) -> bool:
    """Bring `workspace`/dist up to date; return False when it already was.

    Raises BundleError when a source is missing, a package cannot be fetched or the build fails.
    """
    refuse_missing_sources(workspace)
    stamp = workspace / "dist" / ".inputs.sha256"
    wanted = digest(workspace, build_inputs(workspace), node_version)
    if recorded(stamp) == wanted and not missing_bundles(workspace):
        return False
    refuse_other_node(wheel, node_version, workspace, run)
    install_packages(workspace, wheel, node_version, run)
    stamp.unlink(missing_ok=True)
    outcome = run([str(wheel.node), "build.mjs"], workspace)
    if outcome.exit_code != 0:
        raise BundleError(f"The WhatsApp bundles do not build:\n{outcome.printed}")
    if missing := missing_bundles(workspace):
        raise BundleError(f"The build ended well but left no dist/{missing[0]}.mjs.")
    stamp.write_text(wanted, encoding="ascii")
    return True


def refuse_missing_sources(workspace: Path) -> None:
    """Raise BundleError for an incomplete checkout, before any download."""
    for name in (*SETTINGS, *(f"{bundle}/main.ts" for bundle in BUNDLES)):
        if not (workspace / name).is_file():
            raise BundleError(f"resources/whatsapp/{name} is missing: this checkout is not complete.")


def refuse_other_node(wheel: WheelNode, node_version: str, workspace: Path, run: Run) -> None:
    """Raise BundleError for another major version: it would build, and fail only at the counter."""
    found = run([str(wheel.node), "--version"], workspace).printed.strip().removeprefix("v")
    if found.partition(".")[0] != node_version.partition(".")[0]:
        raise BundleError(
            f"Node {node_version} is wanted (packaging/NODE_VERSION), the wheel carries {found}."
        )


def install_packages(workspace: Path, wheel: WheelNode, node_version: str, run: Run) -> None:
    """Install the packages of the lock file, once per lock file."""
    stamp = workspace / "node_modules" / ".lock.sha256"
    wanted = digest(workspace, [workspace / "package-lock.json", workspace / ".npmrc"], node_version)
    if recorded(stamp) == wanted:
        return
    outcome = run([str(wheel.node), str(wheel.npm), *NPM_CI], workspace)
    if any(sign in outcome.printed for sign in OUT_OF_REACH) and outcome.exit_code != 0:
        raise BundleError(
            "The npm registry is out of reach, and the WhatsApp bundles need its packages: "
            "connect this computer, or point npm at a mirror, then try again."
        )
    if outcome.exit_code != 0:
        raise BundleError(f"npm could not install what resources/whatsapp needs:\n{outcome.printed}")
    stamp.write_text(wanted, encoding="ascii")


def build_inputs(workspace: Path) -> list[Path]:
    """Return all files that can change a bundle; tests cannot."""
    sources = (path for folder in FOLDERS for path in (workspace / folder).rglob("*.ts"))
    return [
        *(workspace / name for name in SETTINGS),
        *(path for path in sources if not path.name.endswith(".test.ts")),
    ]


def digest(workspace: Path, paths: Sequence[Path], node_version: str) -> str:
    """Return one SHA-256 over names and contents, the same on every system."""
    total = hashlib.sha256(node_version.encode())
    for path in sorted(paths):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"\0{path.relative_to(workspace).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def recorded(stamp: Path) -> str | None:
    """Return the digest that an earlier build recorded, if any."""
    return stamp.read_text(encoding="ascii") if stamp.is_file() else None


def missing_bundles(workspace: Path) -> list[str]:
    """Return the bundles that dist/ lacks."""
    return [bundle for bundle in BUNDLES if not (workspace / "dist" / f"{bundle}.mjs").is_file()]


if __name__ == "__main__":
    raise SystemExit(main())
