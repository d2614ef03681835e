"""The sentences that the people of the shop read."""

from functools import cache

from app import paths
from app.services.sentences import Sentences


@cache
def sentences() -> Sentences:
    return Sentences(paths.sentences("pt-BR").read_text(encoding="utf-8"))
