"""Query plans of every statement that a tested program runs, and the steps whose cost grows with history."""

import re
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final

import pytest

from app.adapters.sqlite import engine

GROWING: Final = frozenset(
    {
        "whatsapp_notifications",
        "orders",
        "whatsapp_numbers",
        "whatsapp_contacts",
        "whatsapp_chat_timers",
        "whatsapp_aliases",
        "whatsapp_opt_outs",
        "whatsapp_heard_words",
        "whatsapp_inbound",
        "whatsapp_consents",
        "whatsapp_session_keys",
        "audit_log",
    }
)
"""Tables that hold more rows the longer a shop is open."""
CONSTANT: Final = frozenset(
    {
        "settings",
        "vault_keys",
        "database",
        "alembic_version",
        "whatsapp_sessions",
        "notification_templates",
        "whatsapp_notification_counts",
        "whatsapp_histories",
        "sqlite_master",
        "sqlite_temp_master",
        # What statements make up for themselves: the priorities of the rows that wait, the sessions that have keys,
        # the texts of a page's orders since they were told.
        "level",
        "each",
        "ranked",
    }
)
"""Tables whose size does not depend on a shop's history."""
OF_FEW: Final = frozenset(
    {
        "ix_due",
        "ix_due_to_known",
        "ix_pending_due",
        "ix_pending_stage",
        "ix_open_doubt",
        "ix_unfinished",
        "ix_unfinished_of_customer",
        "ix_waiting_since",
        "ix_in_no_state",
        "ix_suspects",
    }
)
"""Partial indexes over waiting rows: a full scan of them is allowed."""
_STEP: Final = re.compile(
    r"(?P<way>SCAN|SEARCH) (?P<what>\S+)(?: USING .*?INDEX (?P<index>\S+))?(?P<rest>.*)"
)
_BOUNDED: Final = re.compile(r"\blimit\b", re.IGNORECASE)
_FILTERED: Final = re.compile(r"\bwhere\b", re.IGNORECASE)
_WORDS: Final = ("select", "insert", "update", "delete", "with")
_EXEMPT: Final = ("/migrations/versions/", "/tests/harness/every_notification.py")


class QueryPlans:
    """Cache of the faults in each statement's plan; each is asked for once a process."""

    def __init__(self) -> None:
        self._faults: dict[str, tuple[str, ...]] = {}
        self._ran: set[str] = set()

    def look_at(self, connection: sqlite3.Connection, sql: str, values: Any) -> None:
        """Ask for the plan of a statement that is about to be run on this connection."""
        if sql not in self._faults:
            self._faults[sql] = _faults_of(connection, sql, values)
        if self._faults[sql] and not _is_exempt():
            self._ran.add(sql)

    def offences(self) -> list[str]:
        """Statements of the test that has ended, each with the steps that grow dearer."""
        found = [f"{' ; '.join(self._faults[sql])} in: {' '.join(sql.split())}" for sql in sorted(self._ran)]
        self._ran.clear()
        return found

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Look at every statement on connections that the program opens meanwhile."""
        plans = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, values: Any = (), /) -> "Cursor":
                if sql.lstrip().lower().startswith(_WORDS):
                    plans.look_at(self.connection, sql, values)
                super().execute(sql, values)
                return self

            def executemany(self, sql: str, values: Any, /) -> "Cursor":
                many = list(values)
                if many:
                    plans.look_at(self.connection, sql, many[0])
                super().executemany(sql, many)
                return self

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

            def execute(self, sql: str, values: Any = (), /) -> Any:
                return self.cursor().execute(sql, values)

        def connect(*place: Any, **options: Any) -> Any:
            return sqlite3.connect(*place, **{"factory": Connection, **options})

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine, "sqlite3", SimpleNamespace(connect=connect, Connection=sqlite3.Connection))
            yield


def _faults_of(connection: sqlite3.Connection, sql: str, values: Any) -> tuple[str, ...]:
    asked = sqlite3.Cursor(connection).execute(f"EXPLAIN QUERY PLAN {sql}", values)
    return tuple(str(step[3]) for step in asked.fetchall() if grows(str(step[3]), sql))


def grows(step: str, sql: str) -> bool:
    """Whether this step of a plan touches more rows of a growing table the longer the shop is open."""
    found = _STEP.match(step)
    if found is None or found["what"] in CONSTANT or found["what"].startswith(("(", "CONSTANT")):
        return False
    bounded = _BOUNDED.search(sql) is not None
    if found["index"] in OF_FEW:
        return False
    if found["way"] == "SCAN":
        return not bounded or _FILTERED.search(sql) is not None
    # "Older than" finds ever more rows; "newer than" finds those of a period.
    return "<?" in found["rest"] and ">?" not in found["rest"] and not bounded


def _is_exempt() -> bool:
    """Whether a test asks by itself, or a migration, which runs once."""
    files = [frame.filename for frame in reversed(traceback.extract_stack()) if frame.filename != __file__]
    asking = next((file for file in files if "/app/" in file or "/tests/" in file), "")
    return "/tests/" in asking or any(each in file for file in files for each in _EXEMPT)


PLANS: Final = QueryPlans()
