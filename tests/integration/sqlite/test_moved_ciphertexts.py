"""A ciphertext opens in its own row alone: what somebody moves elsewhere is not taken for what stood there."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.errors import WrongKeyError
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.store import Rows
from tests.contracts.asked_store import Asked
from tests.harness.opened_store import open_training_store

pytestmark = pytest.mark.requirement("X3")
MAIN, SECOND = SessionId("main"), SessionId("second")
KEYS: dict[str, dict[str, str | None]] = {
    "session": {"ana.0": "ratchet of ana", "bia.0": "ratchet of bia"},
    "pre-key": {"ana.0": "pre-key of ana"},
}
VALUE = (
    "SELECT value FROM whatsapp_session_keys WHERE session_id = '{}' AND type = '{}' ORDER BY key_id LIMIT 1"
)


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """Two sessions with the same kinds of keys."""
    opened = Asked(open_training_store(tmp_path))

    def fill(rows: Rows) -> None:
        for session in (MAIN, SECOND):
            rows.sessions.save(SessionData(session, f"creds of {session}", paired=True, phone=Phone("+551")))
            rows.sessions.save_keys(session, KEYS)

    opened.transact(fill)
    return opened


def tampered(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "coco.db")) as connection, connection:
        assert connection.execute(statement).rowcount == 1


def keys_of(asked: Asked, session: SessionId, key_type: str, *ids: str) -> dict[str, str]:
    return dict(asked.read(lambda rows: rows.sessions.keys(session, key_type, ids)))


def close(asked: Asked) -> None:
    asyncio.run(asked.store.close())


@pytest.mark.parametrize(
    ("column", "source"),
    [
        ("session_data", "SELECT session_data FROM whatsapp_sessions WHERE session_id = 'second'"),
        ("session_data", "SELECT phone_number FROM whatsapp_sessions WHERE session_id = 'main'"),
        ("session_data", VALUE.format("main", "session")),
    ],
)
def test_credentials_open_in_their_own_row_and_column_alone(
    asked: Asked, tmp_path: Path, column: str, source: str
) -> None:
    move = f"UPDATE whatsapp_sessions SET {column} = ({source}) WHERE session_id = 'main'"  # noqa: S608 - ours
    tampered(tmp_path, move)
    with pytest.raises(WrongKeyError):
        asked.read(lambda rows: rows.sessions.get(MAIN))
    other = asked.read(lambda rows: rows.sessions.get(SECOND))
    assert other is not None
    assert other.credentials == "creds of second"
    close(asked)


def test_a_session_whose_number_is_anothers_is_a_session_without_one(asked: Asked, tmp_path: Path) -> None:
    source = "SELECT phone_number FROM whatsapp_sessions WHERE session_id = 'second'"
    move = f"UPDATE whatsapp_sessions SET phone_number = ({source}) WHERE session_id = 'main'"  # noqa: S608 - ours
    tampered(tmp_path, move)
    kept = asked.read(lambda rows: rows.sessions.get(MAIN))
    assert kept == SessionData(MAIN, "creds of main", paired=True, phone=None)
    close(asked)


@pytest.mark.parametrize(
    "source",
    [
        VALUE.format("second", "session"),
        VALUE.format("main", "pre-key"),
        "SELECT session_data FROM whatsapp_sessions WHERE session_id = 'main'",
    ],
)
def test_a_key_opens_only_as_the_key_that_it_was_saved_as(
    asked: Asked, tmp_path: Path, source: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = "(SELECT min(key_id) FROM whatsapp_session_keys WHERE session_id = 'main' AND type = 'session')"
    which = f"session_id = 'main' AND type = 'session' AND key_id = {first}"
    tampered(tmp_path, f"UPDATE whatsapp_session_keys SET value = ({source}) WHERE {which}")  # noqa: S608 - ours
    opened = keys_of(asked, MAIN, "session", "ana.0", "bia.0")
    assert len(opened) == 1
    assert opened.items() <= KEYS["session"].items()
    assert keys_of(asked, MAIN, "pre-key", "ana.0") == KEYS["pre-key"]
    assert keys_of(asked, SECOND, "session", "ana.0", "bia.0") == KEYS["session"]
    (record,) = [each for each in caplog.records if each.message == "keys_unreadable"]
    said = {name: vars(record)[name] for name in ("session", "type", "count", "levelno")}
    assert said == {"session": "main", "type": "session", "count": 1, "levelno": logging.ERROR}
    assert not any(word in str(vars(record)) for word in ("ana.0", "bia.0", "ratchet of"))
    close(asked)


def test_two_swapped_ratchets_are_both_missed_and_can_be_saved_anew(asked: Asked, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "coco.db")) as connection, connection:
        where = "session_id = 'main' AND type = 'session'"
        (one, _), (two, _) = rows = connection.execute(
            f"SELECT key_id, value FROM whatsapp_session_keys WHERE {where}"  # noqa: S608 - ours
        ).fetchall()
        set_value = f"UPDATE whatsapp_session_keys SET value = ? WHERE {where} AND key_id = ?"  # noqa: S608 - ours
        connection.execute(set_value, (rows[1][1], one))
        connection.execute(set_value, (rows[0][1], two))
    assert keys_of(asked, MAIN, "session", "ana.0", "bia.0") == {}
    asked.transact(lambda rows: rows.sessions.save_keys(MAIN, {"session": {"ana.0": "new"}}))
    assert keys_of(asked, MAIN, "session", "ana.0", "bia.0") == {"ana.0": "new"}
    close(asked)
