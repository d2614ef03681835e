"""Tables that are read before the vault is open: settings, wrapped keys, kind of the database."""

from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table

from app.adapters.sqlite.checked_columns import Blob, Choice, Count, Word
from app.adapters.sqlite.exact_columns import Moment
from app.ports.vault import KeyPurpose, WrappedFor

plain = MetaData()

settings = Table(
    "settings",
    plain,
    Column("name", Word, primary_key=True),
    Column("value", Word, nullable=False),
)
vault_keys = Table(
    "vault_keys",
    plain,
    Column("key_id", Count, primary_key=True, autoincrement=False),
    Column("purpose", Choice(KeyPurpose), primary_key=True),
    Column("wrapped_for", Choice(WrappedFor), primary_key=True),
    Column("wrapped", Blob, nullable=False),
)
database = Table(
    "database",
    plain,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("kind", Word, CheckConstraint("kind IN ('real', 'training')"), nullable=False),
    Column("created_at", Moment, nullable=False),
)
