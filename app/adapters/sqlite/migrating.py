"""Schema migrations with Alembic: brings the tables to this program's revision."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.domain.errors import DatabaseNewerError, DatabaseUnreadableError

_MIGRATIONS: Final = Path(__file__).with_name("migrations")


def check_revision(connection: Connection) -> None:
    """Raise DatabaseNewerError for a revision that only a later program can have made."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise DatabaseUnreadableError(reason="corrupt")
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision not in known:
        raise DatabaseNewerError


def migrate(connection: Connection) -> None:
    """Run all pending revisions within the transaction of `connection`."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    # A configuration file gives the percent sign a meaning.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
