"""Runs the contracts of pyproject.toml against whatever package `app` is found first."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from importlinter import configuration
from importlinter.application import use_cases

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: list[dict[str, Any]] = PROJECT["tool"]["importlinter"]["contracts"]

configuration.configure()


def broken_contracts() -> set[str]:
    """The ids of the contracts that the present `app` breaks."""
    options = use_cases.read_user_options(str(ROOT / "pyproject.toml"))
    use_cases._register_contract_types(options)
    report = use_cases.create_report(options, cache_dir=None)
    ids = {contract["name"]: contract["id"] for contract in CONTRACTS}
    return {ids[contract.name] for contract, check in report.get_contracts_and_checks() if not check.kept}


def write_package(folder: Path, modules: dict[str, str]) -> None:
    """Lay out a package `app` of these modules; each folder on the way becomes a package."""
    for name, code in {"__init__": "", **modules}.items():
        path = folder / "app" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
        package = path.parent
        while package != folder:
            (package / "__init__.py").touch()
            package = package.parent


def runtime_packages() -> set[str]:
    """The import names of everything the project depends on when it runs."""
    wanted = {normalised(requirement) for requirement in PROJECT["project"]["dependencies"]}
    found = {
        package: {normalised(distribution) for distribution in distributions}
        for package, distributions in packages_distributions().items()
        if not package.startswith("_")
    }
    packages = {package for package, distributions in found.items() if distributions & wanted}
    unknown = wanted - {distribution for package in packages for distribution in found[package]}
    assert not unknown, f"not installed here: {sorted(unknown)}"
    return packages


def normalised(requirement: str) -> str:
    """The distribution's name alone, spelled in one way."""
    return re.split(r"[<>=!~;\[ ]", requirement)[0].lower().replace("_", "-")
