"""The migrations make exactly the tables that the code uses."""

import asyncio
import subprocess
import sys
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.adapters.sqlite.engine import writing_engine
from app.adapters.sqlite.migrating import _config, migrate
from app.adapters.sqlite.plain_tables import plain
from app.adapters.sqlite.revision import NEWEST, is_newest
from app.adapters.sqlite.tables import Tables
from tests.harness.opened_store import open_training_store

DESIGN = {
    "whatsapp_notifications": (
        "id order_id customer_phone notification_type message_content status attempts scheduled_at sent_at"
        " error_message created_at"
    ),
    "whatsapp_sessions": "session_id session_data phone_number is_active created_at updated_at",
    "notification_templates": "id template_type content variables is_active created_at updated_at",
}


def _made(folder: Path) -> Path:
    asyncio.run(open_training_store(folder).close())
    return folder / "coco.db"


def _made_from_the_code(folder: Path) -> Path:
    path = folder / "declared.db"
    path.touch()
    with writing_engine(path).begin() as connection:
        for part in (Tables().metadata, plain):
            part.create_all(connection)
    return path


def _schema(path: Path) -> set[str]:
    with writing_engine(path).begin() as connection:
        statements = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
        ).scalars()
        return {" ".join(statement.split()) for statement in statements if "alembic_version" not in statement}


def test_tables_from_the_migrations_are_those_of_the_code(tmp_path: Path) -> None:
    assert _schema(_made(tmp_path)) == _schema(_made_from_the_code(tmp_path))


def test_the_designs_tables_keep_their_columns(tmp_path: Path) -> None:
    with writing_engine(_made(tmp_path)).begin() as connection:
        for table, columns in DESIGN.items():
            kept = {column["name"] for column in inspect(connection).get_columns(table)}
            assert set(columns.split()) <= kept


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    path = _made(tmp_path)
    with writing_engine(path).begin() as connection:
        before = connection.exec_driver_sql("SELECT sql FROM sqlite_master").all()
        migrate(connection)
        assert connection.exec_driver_sql("SELECT sql FROM sqlite_master").all() == before


def test_the_revision_that_needs_no_migration_is_that_of_the_last_one(tmp_path: Path) -> None:
    assert ScriptDirectory.from_config(_config()).get_heads() == [NEWEST]
    with writing_engine(_made(tmp_path)).begin() as connection:
        assert is_newest(connection)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        assert not is_newest(connection)


def test_opening_loads_no_migrations_when_the_database_is_up_to_date(tmp_path: Path) -> None:
    open_it = (
        "import sys; from pathlib import Path; from app.adapters.sqlite import DatabaseKind, open_database;"
        "opened = open_database(Path(sys.argv[1]), DatabaseKind.TRAINING);"
        "sys.exit(opened.is_new or 'alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", open_it, str(_made(tmp_path))], check=False)
    assert done.returncode == 0
