"""Every source file keeps to the house rules for sizes, first sentences and names."""

from pathlib import PurePosixPath

import pytest

from tests.architecture.source_rules import (
    is_vague_type,
    missing_first_comment,
    missing_first_sentence,
    reads_then_saves,
    too_long_file,
    too_long_functions,
    vague_names,
    vague_path,
    vague_typescript_names,
)
from tests.architecture.tracked_files import ROOT, WORKSPACE, files_under, short

PRODUCT_PYTHON = [*files_under("app", "packaging", suffix=".py"), ROOT / "main.py"]
ALL_PYTHON = [*PRODUCT_PYTHON, *files_under("tests", suffix=".py")]
ALL_TYPESCRIPT = files_under(WORKSPACE, suffix=".ts")
PRODUCT_TYPESCRIPT = [path for path in ALL_TYPESCRIPT if not path.name.endswith(".test.ts")]


def test_no_file_is_longer_than_300_lines() -> None:
    found = {short(path): too_long_file(path.read_text("utf-8")) for path in [*ALL_PYTHON, *ALL_TYPESCRIPT]}
    assert {name: length for name, length in found.items() if length} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    found = {short(path): too_long_functions(path.read_text("utf-8")) for path in ALL_PYTHON}
    assert {name: longest for name, longest in found.items() if longest} == {}


def test_eslint_holds_typescript_to_the_same_lengths() -> None:
    rules = (ROOT / WORKSPACE / "eslint.config.mjs").read_text("utf-8")
    assert '"max-lines": ["error", { max: 300 }]' in rules
    assert '"max-lines-per-function": ["error", { max: 40,' in rules


def test_every_module_opens_with_one_sentence() -> None:
    python = {short(path): missing_first_sentence(path.read_text("utf-8")) for path in PRODUCT_PYTHON}
    typescript = {short(path): missing_first_comment(path.read_text("utf-8")) for path in PRODUCT_TYPESCRIPT}
    assert {name: fault for name, fault in (python | typescript).items() if fault} == {}


def test_no_path_says_nothing() -> None:
    paths = [*files_under("app", suffix=".py"), *ALL_TYPESCRIPT]
    found = {short(path): vague_path(PurePosixPath(short(path))) for path in paths}
    assert {name: parts for name, parts in found.items() if parts} == {}


def test_no_name_says_nothing() -> None:
    python = {short(path): vague_names(path.read_text("utf-8")) for path in files_under("app", suffix=".py")}
    typescript = {short(path): vague_typescript_names(path.read_text("utf-8")) for path in ALL_TYPESCRIPT}
    assert {name: names for name, names in (python | typescript).items() if names} == {}


READ_FIRST = {
    "app/services/messaging/opt_outs.py _leave": "closed in memory before the commit; the transaction looks again",
    "app/services/messaging/signal_sessions.py _refresh": "clears the suspicion of the sessions it has refreshed alone",
    "app/services/storage/unreadable_rows.py end_unreadable_rows": "keeps the writer free; the transaction looks again",
    "app/services/notifications/in_doubt_resolver.py _resolve": "waits for evidence; the transaction looks again",
}
"""Who may read in one unit of work and save in another, and why nothing is lost by it."""


def test_what_is_saved_is_decided_in_the_transaction_that_saves_it() -> None:
    found = {
        f"{short(path)} {name}"
        for path in files_under("app", suffix=".py")
        for name in reads_then_saves(path.read_text("utf-8"))
    }
    assert found == set(READ_FIRST)


def test_orders_are_saved_in_one_place_by_the_merge_rule() -> None:
    saving = {
        short(path) for path in files_under("app", suffix=".py") if ".orders.save(" in path.read_text("utf-8")
    }
    assert saving == {"app/services/orders/order_watcher.py"}


def test_a_function_that_reads_and_then_saves_is_found() -> None:
    body = "    known = await self._store.read(get)\n    await self._store.transact(lambda rows: rows.save(known))"
    assert reads_then_saves(f"async def advance(self):\n{body}") == ["advance"]
    assert (
        reads_then_saves("async def note(self):\n    await counter.read()\n    await store.transact(keep)")
        == []
    )
    assert reads_then_saves("async def look(self):\n    await self.store.read(get)") == []


@pytest.mark.parametrize(
    "name", ["EventHandler", "OrderManager", "PushService", "AbstractStore", "IStore", "_QueueImpl"]
)
def test_a_type_that_says_nothing_is_found(name: str) -> None:
    assert is_vague_type(name)
    assert vague_names(f"class {name}: ...") == [name]
    assert vague_typescript_names(f"export class {name} {{}}") == [name]


@pytest.mark.parametrize(
    "name", ["WhatsAppMessageService", "NotificationQueueManager", "InDoubt", "Issuer", "EventBus"]
)
def test_a_type_with_a_name_of_its_own_is_left_alone(name: str) -> None:
    assert not is_vague_type(name)


def test_a_function_or_path_that_says_nothing_is_found() -> None:
    assert vague_names("def handle_event(): ...") == ["handle_event"]
    assert vague_names("async def process_pending_notifications(): ...") == []
    assert vague_path(PurePosixPath("app/services/date_utils.py")) == ["date_utils"]
    assert vague_path(PurePosixPath("resources/whatsapp/sidecar/lib/rpc.test.ts")) == ["lib"]
    assert vague_path(PurePosixPath("app/adapters/sqlite/library_rows.py")) == []


def test_a_file_or_function_one_line_too_long_is_found() -> None:
    function = "def long():\n" + "    pass\n" * 40
    assert too_long_functions(function) == ["long: 41 lines"]
    assert too_long_functions(function.removesuffix("    pass\n")) == []
    assert too_long_file("x = 1\n" * 301) == "301 lines"
    assert too_long_file("x = 1\n" * 300) is None


def test_a_module_without_its_sentence_is_found() -> None:
    assert missing_first_sentence("x = 1") == "no docstring"
    assert missing_first_sentence('"""Keeps orders. Sends them too."""\nx = 1') is not None
    assert (
        missing_first_sentence('"""Keeps orders\nin order of arrival.\n\nMore. Much more."""\nx = 1') is None
    )
    assert missing_first_sentence("") is None
    assert missing_first_comment("export const x = 1;") is not None
