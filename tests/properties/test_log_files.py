"""Nothing personal or secret reaches the log file, whichever part of a record it stands in (X4)."""

import asyncio
import io
import json
import logging
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.system.log_files import FILE, FOLDER, LogFiles
from app.adapters.whatsapp.diagnostics import Diagnostics
from tests.properties.test_log_redaction import secrets_

pytestmark = pytest.mark.requirement("X4")

LOG = logging.getLogger("tests.log")

_FIRST = st.sampled_from(["Ana", "João", "Conceição", "Ítalo", "Zé", "Þóra", "Мария", "سارة", "美咲"])
_LAST = st.sampled_from(["Souza", "D'Ávila", "Sant'Anna", "McDonald", "Araújo-Lima", "Иванова", "OLIVEIRA"])
names = st.one_of(
    _FIRST,
    st.builds("{} {}".format, _FIRST, _LAST),
    st.builds("{} da {}".format, _FIRST, _LAST),
    st.builds("{} {}".format, _FIRST, _LAST).map(str.upper),
)
pairing_codes = st.from_regex(r"[A-Z0-9]{4}-[A-Z0-9]{4}", fullmatch=True)
raw_keys = st.binary(min_size=16, max_size=32)
things = st.one_of(secrets_, names, pairing_codes)


class _SpokenError(Exception):
    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.code = self.said = said
        self.add_note(said)

    def __str__(self) -> str:
        return self.said


def _message(said: str) -> None:
    LOG.warning("for " + said + " now")  # noqa: G003 - as a library may do


def _argument(said: str) -> None:
    LOG.warning("for %s now, %r", said, [said])
    LOG.warning("for %(customer)s", {"customer": said})


def _wrong_argument(said: str) -> None:
    LOG.warning("%d of %d", said)  # noqa: PLE1206 - on purpose


def _message_object(said: str) -> None:
    LOG.warning({said: said})
    LOG.warning(_SpokenError(said))


def _field(said: str) -> None:
    LOG.warning("field", extra={"of": said, "inner": {said: [said, {said}, (said,), said.encode()]}})
    LOG.warning("error", extra={"error": _SpokenError(said), "kind": {"a": _SpokenError(said)}})


def _field_name(said: str) -> None:
    LOG.warning("field", extra={f"x {said}": 1})


def _logger_name(said: str) -> None:
    logging.getLogger(f"tests.{said}").warning("named")


def _endless_field(said: str) -> None:
    endless: list[object] = [said]
    endless.append(endless)
    LOG.warning("endless", extra={"of": endless})


def _exception(said: str) -> None:
    try:
        try:
            raise KeyError(said)  # noqa: TRY301 - chained
        except KeyError as error:
            raise ExceptionGroup(said, [_SpokenError(said)]) from error
    except ExceptionGroup:
        LOG.exception("failed for %s", said, stack_info=True)


def _warning(said: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(said, UserWarning, stacklevel=1)
        warnings.warn_explicit(said, UserWarning, f"/home/{said}/x.py", 3)


def _failed_task(said: str) -> None:
    async def story() -> None:
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        failed.set_exception(_SpokenError(said))
        asyncio.get_running_loop().call_exception_handler({"message": said, "future": failed})
        assert failed.exception()

    asyncio.run(story())


def _thread(said: str) -> None:
    def fail() -> None:
        raise _SpokenError(said)

    thread = threading.Thread(target=fail, name=said)
    thread.start()
    thread.join()


def _unraisable(said: str) -> None:
    class Falls:
        def __del__(self) -> None:
            raise _SpokenError(said)

    falls = Falls()
    del falls


def _slot(said: str) -> None:
    """As Qt reports an exception in a slot."""
    error = _SpokenError(said)
    sys.excepthook(type(error), error, None)


def _sidecar(said: str) -> None:
    entries: list[object] = [
        {"level": "error", "msg": said, "error": said, "code": said, "where": [said, f"{said}:1"]},
        {"level": said, "msg": f"for {said} now", said: said, "code": 5573999548537},
        [said],
        said,
    ]
    lines = [json.dumps(entry).encode() for entry in entries]
    lines += [said.encode(), f"Uncaught Error: {said}".encode(), f"TypeError: {said}".encode()]

    async def pass_on() -> None:
        stderr = asyncio.StreamReader()
        stderr.feed_data(b"\n".join(lines))
        stderr.feed_eof()
        await Diagnostics(stderr, logging.getLogger("sidecar")).pass_on()

    asyncio.run(pass_on())


PLACES = (
    _message,
    _argument,
    _wrong_argument,
    _message_object,
    _field,
    _field_name,
    _logger_name,
    _endless_field,
    _exception,
    _warning,
    _failed_task,
    _thread,
    _unraisable,
    _slot,
    _sidecar,
)


def _written(write: Callable[[str], None], said: str) -> str:
    """Return the log file and the words on stderr; each line of the file is a JSON object."""
    with (
        pytest.MonkeyPatch.context() as alone,
        tempfile.TemporaryDirectory() as folder,
        redirect_stderr(io.StringIO()) as told,
    ):
        # Without pytest's own: they keep what the program would not.
        alone.setattr(logging.getLogger(), "handlers", [])
        alone.setattr(sys, "excepthook", sys.__excepthook__)
        with LogFiles(Path(folder)):
            write(said)
        lines = (Path(folder) / FOLDER / FILE).read_text("utf-8")
    assert all(isinstance(json.loads(line), dict) for line in lines.splitlines())
    return lines + told.getvalue()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__.strip("_"))
@settings(max_examples=40)
@given(said=things)
def test_log_tells_no_secret_wherever_it_stands(place: Callable[[str], None], said: str) -> None:
    written = _written(place, said)
    assert written
    assert said not in written
    assert json.dumps(said)[1:-1] not in written
