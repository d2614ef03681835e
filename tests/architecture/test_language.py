"""The code is described in plain technical English, with words that a newcomer can look up."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.architecture.prose import Prose, measure, pronouns_of, together, words_of
from tests.architecture.tracked_files import ROOT, files_under, short

MOST_PRONOUNS = 5.0
"""Per 1,000 words of docstrings and comments."""
MOST_UNCLEAR = 5.0
"""Per cent of first sentences with an indefinite pronoun."""
LONGEST_TEST_NAME = 70
GLOSSARY = ROOT / "resources" / "docs" / "glossary.md"
FIELD_WORDS = ROOT / "tests" / "architecture" / "field_words.txt"


@pytest.mark.parametrize("place", ["app", "resources/whatsapp"])
def test_docstrings_and_comments_avoid_indefinite_pronouns(place: str) -> None:
    total = together(measure(place))
    assert total.words > 5_000
    assert total.per_thousand <= MOST_PRONOUNS
    assert total.unclear_percent <= MOST_UNCLEAR, total.unclear


def test_prose_counts_pronouns_outside_of_code_and_quotations() -> None:
    prose = Prose()
    prose.add("Whoever asks `nobody` gets None, and nothing else.")
    assert (prose.words, prose.pronouns, len(prose.unclear)) == (7, 2, 1)
    assert pronouns_of(words_of('Return "what is owed".')) == []


def test_class_names_are_unique_in_app() -> None:
    places = defaultdict(list)
    for path in files_under("app", suffix=".py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(short(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_test_names_have_at_most_70_letters() -> None:
    found = [
        node.name
        for path in files_under("tests", suffix=".py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    assert [name for name in found if len(name) > LONGEST_TEST_NAME] == []


def test_words_of_module_names_are_in_the_glossary_or_a_dictionary() -> None:
    known = glossary_words() | set(FIELD_WORDS.read_text("utf-8").split())
    unknown = {
        word: short(path)
        for path in files_under("app/domain", "app/services", suffix=".py")
        for word in module_words(path)
        if word not in known
    }
    assert unknown == {}


def test_field_words_are_used_and_missing_in_the_glossary() -> None:
    used = {
        word
        for path in files_under("app/domain", "app/services", suffix=".py")
        for word in module_words(path)
    }
    listed = FIELD_WORDS.read_text("utf-8").split()
    assert [word for word in listed if word not in used or word in glossary_words()] == []


def glossary_words() -> set[str]:
    rows = (line.split("|")[1] for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| "))
    return {word for term in rows for word in re.findall(r"[a-z]+", term.lower())}


def module_words(path: Path) -> list[str]:
    """Return the words of a module's name, of a package's for its `__init__`."""
    name = path.parent.name if path.stem == "__init__" else path.stem
    return [word for word in name.split("_") if word]


SEARCHED = {
    "rate limit": "app/services/rate_limits/rate_limiter.py",
    "failover": "app/services/notifications/sender_failover.py",
    "liveness": "app/services/connection/liveness_monitor.py",
    "idempotent": "app/services/notifications/enqueue.py",
    "dead letter": "app/domain/notification.py",
    "backoff": "app/domain/backoff.py",
    "jitter": "app/domain/backoff.py",
    "atomic": "app/adapters/sqlite/atomic_files.py",
    "monotonic": "app/ports/clock.py",
    "snapshot": "app/services/rate_limits/provider_limits_record.py",
    "group commit": "app/adapters/sqlite/group_commit.py",
    "in-flight window": "app/services/notifications/in_flight_window.py",
    "worker pool": "app/services/notifications/worker_pool.py",
    "view model": "app/ui/frame/connection_view_model.py",
}
"""What a newcomer searches for, and a file that a search has to find."""


@pytest.mark.parametrize(("term", "path"), SEARCHED.items())
def test_search_for_a_term_of_the_field_finds_its_file(term: str, path: str) -> None:
    assert term in (ROOT / path).read_text("utf-8").lower()
