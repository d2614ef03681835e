"""Check of every text to a customer; a value changes nothing around it."""

import ast
from pathlib import Path

import pytest

from app.domain.errors import RefusalError, TemplateTooLongError
from app.domain.outgoing_text import LONGEST, outgoing_text, value_text
from app.domain.visible_text import is_blank
from app.services.templates.values import first_name
from tests.corpus import Case, each_case

pytestmark = pytest.mark.requirement("T7")


@each_case("texts")
def test_outgoing_text_is_what_the_corpus_says(case: Case) -> None:
    try:
        passed = outgoing_text(case.given)
    except RefusalError as error:
        passed = f"refused: {error.code}"
    assert passed == case.expect


@each_case("values")
def test_value_text_is_what_the_corpus_says(case: Case) -> None:
    assert value_text(case.given) == case.expect


@each_case("names")
def test_first_name_is_what_the_corpus_says(case: Case) -> None:
    assert first_name(case.given) == case.expect


@each_case("texts")
def test_text_is_blank_exactly_when_it_is_refused_as_empty(case: Case) -> None:
    assert is_blank(case.given) == (case.expect == "refused: template_empty")


def test_outgoing_text_is_measured_as_it_is_read() -> None:
    assert outgoing_text("a" * LONGEST + "\u200b \n") == "a" * LONGEST
    with pytest.raises(TemplateTooLongError) as refusal:
        outgoing_text("a" * (LONGEST + 1))
    assert refusal.value.facts == {"length": LONGEST + 1, "longest": LONGEST}


def test_value_text_keeps_lines_where_it_may() -> None:
    assert value_text("> a\r\n*b*\n\n- c", lines=True) == "a\nb\n\nc"


def test_no_service_gives_a_notification_a_text_that_was_not_checked() -> None:
    found = {
        path.name
        for path in Path("app/services").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"replace", "Notification"}
        and any(keyword.arg == "text" and not _is_checked(keyword.value) for keyword in call.keywords)
    }
    # What customers write goes to nobody.
    assert found == {"reply_changes.py"}


def _is_checked(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "outgoing_text"
    )
