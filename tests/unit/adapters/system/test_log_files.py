"""Log files on disk."""

import asyncio
import json
import logging
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest

from app.adapters.system.log_files import FILE, FOLDER, LogFiles
from app.domain.errors import DataFolderRefusedError, InvalidPhoneError

PHONE = "+5573999548537"
LOG = logging.getLogger("tests.log")


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / FOLDER / FILE).read_text(encoding="utf-8").splitlines()]


@pytest.mark.requirement("X4")
def test_a_record_of_anybody_is_one_redacted_line_of_json(tmp_path: Path) -> None:
    with LogFiles(tmp_path):
        LOG.info("order %d of %s\nsecond line", 12, PHONE)
        logging.getLogger("some.library").warning("açaí to %s@s.whatsapp.net", PHONE[1:])
        LOG.debug("too small to be kept")
    first, second = lines(tmp_path)
    assert first["event"] == "order 12 of […]\nsecond line"
    assert (first["level"], first["logger"]) == ("info", "tests.log")
    assert second["event"] == "açaí to […]"
    assert first["at"].endswith("+00:00")


@pytest.mark.requirement("X4")
def test_an_error_is_told_by_its_kind_and_place_and_not_by_its_words(tmp_path: Path) -> None:
    def fails() -> None:
        try:
            LOG.manager.loggerDict["Ana Souza"]
        except KeyError as error:
            raise InvalidPhoneError(reason="letters") from error

    with LogFiles(tmp_path):
        try:
            fails()
        except InvalidPhoneError:
            LOG.exception("refused")
    (entry,) = lines(tmp_path)
    assert "Ana" not in entry["event"]
    assert "InvalidPhoneError invalid_phone\n  test_log_files.py:" in entry["event"]
    assert "KeyError\n  test_log_files.py:" in entry["event"]


@pytest.mark.requirement("X4")
def test_the_fields_of_a_record_stand_in_its_line_redacted(tmp_path: Path) -> None:
    with LogFiles(tmp_path):
        LOG.warning("keys_unreadable", extra={"session": "main", "count": 2, "of": [PHONE, "a" * 40]})
    (entry,) = lines(tmp_path)
    assert (entry["event"], entry["session"], entry["count"]) == ("keys_unreadable", "main", 2)
    assert entry["of"] == ["[…]", "[…]"]


def test_a_failed_task_is_told_without_the_words_of_its_error(tmp_path: Path) -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        failed: asyncio.Future[None] = loop.create_future()
        failed.set_exception(KeyError("Ana Souza"))
        loop.call_exception_handler({"message": "never retrieved", "future": failed})
        assert failed.exception()

    with LogFiles(tmp_path):
        asyncio.run(story())
    assert "never retrieved" in lines(tmp_path)[0]["event"]
    assert "Ana" not in lines(tmp_path)[0]["event"]


def test_files_rotate_and_the_root_log_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.adapters.system.log_files.FILE_SIZE", 1000)
    before = logging.getLogger().handlers[:]
    with LogFiles(tmp_path):
        for number in range(100):
            LOG.info("line %d with words enough to fill a file", number)
    assert logging.getLogger().handlers == before
    kept = sorted(path.name for path in (tmp_path / FOLDER).iterdir())
    assert kept == [FILE, *(f"{FILE}.{number}" for number in range(1, 5))]


@pytest.mark.parametrize("in_the_way", ["logs", "logs/balcao.log/"])
def test_a_log_that_cannot_be_written_refuses_the_folder(tmp_path: Path, in_the_way: str) -> None:
    if in_the_way.endswith("/"):
        (tmp_path / in_the_way).mkdir(parents=True)
    else:
        (tmp_path / in_the_way).write_text("")
    with pytest.raises(DataFolderRefusedError) as refusal, LogFiles(tmp_path):
        pytest.fail("it was opened")
    assert refusal.value.facts["reason"] == "no_log"


@pytest.mark.requirement("Z6")
def test_log_names_the_error_that_ended_the_program_without_its_words(tmp_path: Path) -> None:
    with pytest.raises(KeyError), LogFiles(tmp_path):
        raise KeyError("Ana Souza")
    (entry,) = lines(tmp_path)
    assert entry["event"].startswith("ended_by_error\nKeyError\n  test_log_files.py:")
    assert "Ana" not in entry["event"]


@pytest.mark.requirement("X4")
def test_log_writes_a_line_while_structlog_cannot_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LogFiles(tmp_path):
        with monkeypatch.context() as without:
            # As where no file handle is free for the import.
            without.setitem(sys.modules, "structlog", None)
            LOG.error("too_many_files at %s", PHONE, extra={"session": "main"})
        LOG.error("later", extra={"session": "main"})
    first, second = lines(tmp_path)
    assert first.pop("at") <= second["at"]
    assert first == {"event": "too_many_files at […]", "level": "error", "logger": "tests.log"}
    assert (second["event"], second["session"]) == ("later", "main")


@pytest.mark.requirement("X4")
@pytest.mark.skipif(os.name != "posix", reason="Windows gives no file to others by a mode")
def test_log_files_are_for_their_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.adapters.system.log_files.FILE_SIZE", 1000)
    before = tmp_path / FOLDER / FILE
    before.parent.mkdir()
    before.touch()
    before.chmod(0o644)
    mask = os.umask(0)
    try:
        with LogFiles(tmp_path):
            for number in range(30):
                LOG.info("line %d with words enough to fill a file", number)
    finally:
        os.umask(mask)
    files = list((tmp_path / FOLDER).iterdir())
    assert len(files) > 1
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.requirement("Z6")
def test_log_call_with_wrong_arguments_does_not_fail_its_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    with LogFiles(tmp_path):
        LOG.info("%d orders", "seven")
        LOG.info("later")
    assert [entry["event"] for entry in lines(tmp_path)] == ["%d orders (wrong arguments)", "later"]


@pytest.mark.requirement("X4")
def test_python_reports_stand_in_the_log_by_kind_and_place(tmp_path: Path) -> None:
    before = warnings.showwarning, sys.excepthook, threading.excepthook, sys.unraisablehook

    def fail() -> None:
        raise KeyError("Ana Souza")

    with LogFiles(tmp_path), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("Ana Souza", ResourceWarning, stacklevel=1)
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert (warnings.showwarning, sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    warned, failed = lines(tmp_path)
    assert (warned["event"], warned["kind"]) == ("python_warning", "ResourceWarning")
    assert warned["where"].startswith("test_log_files.py:")
    assert failed["event"].startswith("thread_failed\nKeyError\n  threading.py:")
