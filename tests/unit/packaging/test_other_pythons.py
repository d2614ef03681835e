"""Debian root for the newest Python: the files copied in, and the environment of its commands."""

import os
import subprocess
from concurrent.futures import Future
from pathlib import Path

import other_pythons
import pytest
from debian_root import RootError, check_rights, copy_system_settings, environment
from other_pythons import copy_project, debian_root, interpreters, run_in_debian, runs


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_environment_keeps_what_reaches_registries_and_nothing_else() -> None:
    ours = {"SSL_CERT_FILE": "/c", "https_proxy": "http://p", "COCO_MASTER_KEY": "k", "HOME": "/home/ana"}
    kept = environment(ours)
    assert {name: kept[name] for name in kept if name not in {"PATH", "LANG"}} == {
        "SSL_CERT_FILE": "/c",
        "https_proxy": "http://p",
        "HOME": "/root",
    }


def test_copy_system_settings_renews_certificates_that_the_root_has(tmp_path: Path) -> None:
    root, system = tmp_path / "root", tmp_path / "system"
    bundle = "etc/ssl/certs/ca-certificates.crt"
    write(system / bundle, "new")
    write(system / "etc/resolv.conf", "nameserver 127.0.0.53")
    copy_system_settings(root, system)
    assert not (root / bundle).exists()
    write(root / bundle, "old")
    copy_system_settings(root, system)
    assert (root / bundle).read_text() == "new"
    assert (root / "etc/resolv.conf").read_text() == "nameserver 127.0.0.53"


def test_copy_project_replaces_files_and_leaves_the_environment(tmp_path: Path) -> None:
    project, copy = tmp_path / "project", tmp_path / "copy"
    for name in ("app/new.py", "resources/whatsapp/dist/sidecar.mjs", "uv.lock", "ignored.log"):
        write(project / name)
    write(project / ".gitignore", "*.log\ndist/\nuv.lock\n")
    write(copy / "app" / "old.py")
    write(copy / ".venv" / "pyvenv.cfg")
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    copy_project(project, copy)
    everything = (path.relative_to(copy) for path in copy.rglob("*") if path.is_file())
    found = {str(path) for path in everything if path.parts[0] != ".git"}
    assert (copy / ".git").is_dir()
    assert found == {
        ".gitignore", ".venv/pyvenv.cfg", "app/new.py", "resources/whatsapp/dist/sidecar.mjs", "uv.lock",
    }  # fmt: skip


def test_debian_root_is_made_anew_when_the_package_lists_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(other_pythons, "CACHE", tmp_path)
    monkeypatch.setattr(other_pythons, "make_root", lambda _, folder: folder.mkdir(parents=True))
    stale = tmp_path / "roots" / "trixie-0123456789abcdef"
    stale.mkdir(parents=True)
    made = debian_root()
    assert [path.name for path in (tmp_path / "roots").iterdir()] == [made.name]
    (made / "kept").touch()
    assert (debian_root() / "kept").exists()


def test_interpreters_finds_those_of_pyenv_behind_a_shim_that_does_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shim = write(tmp_path / "shims" / "python3.12", "#!/bin/sh\nexit 127\n")
    real = write(tmp_path / "versions" / "3.12.1" / "bin" / "python3.12", "#!/bin/sh\nexit 0\n")
    for path in (shim, real):
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert [(found, runs(found)) for found in interpreters("3.12")] == [(str(shim), False), (str(real), True)]


def test_run_in_debian_says_why_when_there_is_no_root(capsys: pytest.CaptureFixture[str]) -> None:
    root = Future[Path | None]()
    root.set_exception(RootError("there is no mmdebstrap"))
    assert run_in_debian(root)
    assert capsys.readouterr().out == "Python 3.13: not tried, since there is no mmdebstrap.\n"


def test_run_in_debian_fails_when_the_script_could_not_prepare_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = Future[Path | None]()
    root.set_result(None)
    assert run_in_debian(root) is False
    assert capsys.readouterr().out.count("\n") == 1


def test_check_rights_names_them_when_an_ordinary_user_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(RootError, match="only root"):
        check_rights()
