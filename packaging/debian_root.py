"""Bare Debian in a folder, to run commands with mounts and a network of their own."""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Variables that a command in the root inherits: package sources, certificates, the tests' order.
INHERITED = (
    "PIP_CERT",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "PYTEST_ADDOPTS",
)
# The system's names, registries and certificates; a root without them reaches no registry.
COPIED = (
    "etc/resolv.conf",
    "etc/hosts",
    "etc/pip.conf",
    "etc/uv",
    "root/.config/pip",
    "root/.config/uv",
    "usr/local/share/ca-certificates",
)
BUNDLE = "etc/ssl/certs/ca-certificates.crt"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Mounts in a namespace of their own end with the command, however it ends.
APART = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


class RootError(RuntimeError):
    """Failure to make the root; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Mount:
    """Folder of this system that a command in the root sees at `place`."""

    source: Path
    place: str


def check_rights() -> None:
    """Raise RootError where this account cannot make a root or unshare namespaces in it."""
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mmdebstrap") is None:
        raise RootError("only root, on a system with mmdebstrap, can make a Debian for it")
    apart = subprocess.run([*APART, "--net", "true"], check=False, capture_output=True)
    if apart.returncode != 0:
        raise RootError("this system does not let root have mounts, processes and a network of its own")


def make_root(suite: str, folder: Path) -> None:
    """Make a bare Debian at `folder`, atomically."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    command = ["mmdebstrap", "--quiet", "--variant=minbase", suite, str(partial), *debian_mirror()]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.stderr.write(f"{done.stdout}{done.stderr}")
        raise RootError(f"mmdebstrap could not make a Debian {suite} here; the reason stands above")
    partial.rename(folder)


def copy_system_settings(root: Path, system: Path = Path("/")) -> None:
    """Copy this system's names and certificates into the root: a cached root may be older than they are."""
    for name in COPIED:
        copy_into(root, system, name)
    # Before the root's own bundle is made, the package that makes it would find this one in its way.
    if (root / BUNDLE).exists():
        copy_into(root, system, BUNDLE)


def copy_into(root: Path, system: Path, name: str) -> None:
    source, target = system / name, root / name
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)


def debian_mirror() -> list[str]:
    """Return the mirror of this system's apt; on systems other than Debian mmdebstrap has its own."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)", "Created-By: Packages"],
        check=False,
        capture_output=True,
        text=True,
    )
    prefix = "Debian Debian "
    return [line.removeprefix(prefix) for line in listed.stdout.splitlines() if line.startswith(prefix)][:1]


def run_in_root(
    root: Path, command: Sequence[str], folder: str, mounts: Sequence[Mount], *, network: bool
) -> int:
    """Run the command in namespaces of its own and return the exit code; without network only loopback exists."""
    apart = [*APART, *([] if network else ["--net"])]
    bound = [word for mount in mounts for word in (str(mount.source), mount.place)]
    inside = [sys.executable, __file__, str(root), folder, str(len(bound)), *bound, *command]
    done = subprocess.run(
        [*apart, *inside], env=environment(os.environ), stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a command in the root inherits."""
    kept = {name: ours[name] for name in ours if name in INHERITED or name.lower().endswith("_proxy")}
    return {**kept, "PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8"}


def enter(root: Path, folder: str, bound: Sequence[str], command: Sequence[str]) -> None:
    """Become `command` in the root; called inside the new namespaces; their mounts end with it."""
    mount("-t", "proc", "proc", str(root / "proc"))
    mount("--rbind", "/dev", str(root / "dev"))
    mount("-t", "tmpfs", "tmpfs", str(root / "tmp"))
    for source, place in zip(bound[::2], bound[1::2], strict=True):
        (root / place).mkdir(parents=True, exist_ok=True)
        mount("--bind", source, str(root / place))
    raise_loopback()
    os.chroot(root)
    os.chdir(folder)
    os.execvp(command[0], list(command))  # noqa: S606 - the words are our own


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def raise_loopback() -> None:
    """Set loopback up, which is down in a new network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        flags = struct.unpack("16xh14x", fcntl.ioctl(asking, SIOCGIFFLAGS, struct.pack("32s", b"lo")))[0]
        fcntl.ioctl(asking, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


if __name__ == "__main__":
    places = int(sys.argv[3])
    enter(Path(sys.argv[1]), sys.argv[2], sys.argv[4 : 4 + places], sys.argv[4 + places :])
