"""Portuguese sentences for the people of the shop."""

from functools import cache

from app import paths
from app.services.text.message_catalog import MessageCatalog


@cache
def sentences() -> MessageCatalog:
    return MessageCatalog(paths.sentences("pt-BR").read_text(encoding="utf-8"))
