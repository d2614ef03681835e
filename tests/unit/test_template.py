"""What a template may hold and what a customer gets to read."""

import pytest

from app.domain.errors import (
    TellPersonError,
    TemplateEmptyError,
    TemplateTooLongError,
    UnclosedVariableError,
    UnknownVariableError,
)
from app.domain.order import NotificationType
from app.domain.template import LONGEST, VARIABLES, MessageTemplate, check, render
from tests.simulators.shop import shipped_templates


def _template(content: str) -> MessageTemplate:
    return MessageTemplate("t", NotificationType.READY, content)


def test_variables_are_filled_in() -> None:
    text = render(
        _template("Oi, {{firstName}}! #{{ orderNumber }}"), {"firstName": "Ana", "orderNumber": "7"}
    )
    assert text == "Oi, Ana! #7"


def test_a_section_vanishes_when_a_variable_in_it_is_empty() -> None:
    template = _template("Pronto![[ Mesa {{tableNumber}}.]][[ Obs.: {{orderNotes}}]]")
    assert render(template, {"orderNotes": "sem gelo"}) == "Pronto! Obs.: sem gelo"


def test_braces_that_a_customer_typed_never_reach_a_customer() -> None:
    text = render(_template("Oi, {{customerName}}"), {"customerName": "{{orderTotal}} [[x]]"})
    assert text == "Oi, orderTotal x"


@pytest.mark.requirement("T2")
@pytest.mark.parametrize(
    "name", ["{[[{orderTotal}]]}", "[{[x]}]", "{orderTotal}", "{{{{}}}}orderTotal", "[[[[x"]
)
def test_signs_put_inside_each_other_do_not_come_together_either(name: str) -> None:
    text = render(_template("Oi[[, {{customerName}}]]!"), {"customerName": name})
    assert text in {"Oi, orderTotal!", "Oi, x!"}


def test_what_only_looks_like_a_value_is_none() -> None:
    for name in ("{{}}", "[[ ]]", " \t ", "\u202e\u2066", "\x00\x1b"):
        assert render(_template("Oi[[, {{firstName}}]]!"), {"firstName": name}) == "Oi!"


def test_nothing_invisible_and_no_line_of_its_own_comes_with_a_value() -> None:
    values = {"orderNotes": "sem\r\ngelo\x07 \u202eobrigada\ud800", "items": "1× A\r\n2× B\t!"}
    text = render(_template("_{{orderNotes}}_\n{{items}}"), values)
    assert text == "_sem gelo obrigada_\n1× A\n2× B !"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("Oi {{nome}}", UnknownVariableError),
        ("Oi {{}}", UnknownVariableError),
        ("Oi {{firstName", UnclosedVariableError),
        ("Oi firstName}}", UnclosedVariableError),
        ("[[ Mesa {{tableNumber}}", UnclosedVariableError),
        ("Mesa ]]", UnclosedVariableError),
        ("Oi {firstName}", UnclosedVariableError),
        ("Oi {{{firstName}}}", UnclosedVariableError),
        (" \n ", TemplateEmptyError),
        ("a" * (LONGEST + 1), TemplateTooLongError),
    ],
)
def test_what_cannot_be_rendered_whole_is_refused(content: str, error: type[TellPersonError]) -> None:
    with pytest.raises(error):
        check(_template(content))


def test_the_shipped_wordings_are_sound_and_hold_no_empty_gaps_without_values() -> None:
    for template in shipped_templates():
        check(template)
        assert set(template.variables) <= VARIABLES
        assert "{{" not in render(template, {})
        assert "\n\n\n" not in render(template, {})
