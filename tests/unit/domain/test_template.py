"""Templates: allowed content and rendered text."""

import pytest

from app.domain.errors import (
    RefusalError,
    TemplateEmptyError,
    TemplateTooLongError,
    UnclosedVariableError,
    UnknownVariableError,
)
from app.domain.order import NotificationType
from app.domain.outgoing_text import LONGEST
from app.domain.template import VARIABLES, MessageTemplate, check, render
from tests.harness.shop import shipped_templates


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


@pytest.mark.requirement("T7")
@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Oi[\u200b[, {{firstName}}]]!", "Oi, Ana!"),
        ("Oi[[, {{firstName}}]\u2060]!", "Oi, Ana!"),
        ("Oi, {\u200b{first\ufeffName}}!", "Oi, Ana!"),
        ("Mesa [[{{tableNumber\u200d}}]]Oi", "Mesa Oi"),
    ],
)
def test_render_reads_its_signs_when_invisible_ones_stand_between_them(content: str, text: str) -> None:
    check(_template(content))
    assert render(_template(content), {"firstName": "Ana"}) == text


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
def test_what_cannot_be_rendered_whole_is_refused(content: str, error: type[RefusalError]) -> None:
    with pytest.raises(error):
        check(_template(content))


def test_shipped_templates_are_sound_and_hold_no_gaps_without_values() -> None:
    for template in shipped_templates():
        check(template)
        assert set(template.variables) <= VARIABLES
        assert "{{" not in render(template, {})
        assert "\n\n\n" not in render(template, {})


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        ("Oi {{nome}}", {"variable": "nome"}),
        ("Oi {{ }}", {"variable": "{{}}"}),
        ("Oi {{firstName", {"sign": "{{"}),
        ("Oi firstName}}", {"sign": "}}"}),
        ("[[ Mesa", {"sign": "[["}),
        ("Mesa ]]", {"sign": "]]"}),
        ("Oi {firstName", {"sign": "{"}),
        ("Oi firstName}", {"sign": "}"}),
        ("[[ Mesa {tableNumber} ]]", {"sign": "{"}),
        ("[{{firstName}}[", {"sign": "[["}),
        ("a" * (LONGEST + 1), {"length": LONGEST + 1, "longest": LONGEST}),
    ],
)
def test_a_refusal_names_what_is_wrong(content: str, facts: dict[str, str | int]) -> None:
    with pytest.raises(RefusalError) as refusal:
        check(_template(content))
    assert refusal.value.facts == facts


def test_a_wording_may_be_exactly_as_long_as_the_longest() -> None:
    check(_template("a" * LONGEST))


def test_a_variable_is_named_once_in_order_of_appearance() -> None:
    template = _template("{{items}} {{firstName}} {{items}}")
    assert template.variables == ("items", "firstName")


def test_single_brackets_and_sections_without_variables_are_plain_words() -> None:
    assert render(_template("[Oi] [[ Volte\nsempre ]]!"), {}) == "[Oi]  Volte\nsempre !"


def test_a_section_needs_every_one_of_its_variables() -> None:
    template = _template("Oi[[ {{firstName}} da mesa {{tableNumber}}]].")
    assert render(template, {"firstName": "Ana"}) == "Oi."
    assert render(template, {"firstName": "Ana", "tableNumber": "7"}) == "Oi Ana da mesa 7."


def test_rendering_never_piles_up_blank_lines_nor_frames_a_message_in_them() -> None:
    text = render(_template("\n Oi\n\n\n\n{{items}}\n\n[[{{orderNotes}}]]\n\nTchau\n "), {"items": "1× A"})
    assert text == "Oi\n\n1× A\n\nTchau"


def test_a_message_ends_at_the_longest_length() -> None:
    text = render(_template("{{items}}"), {"items": "a" * (LONGEST + 1)})
    assert text == "a" * LONGEST


@pytest.mark.parametrize(("name", "lines"), [("items", "a b\n\nc"), ("customMessage", "a b\n\nc")])
def test_some_values_have_lines_of_their_own(name: str, lines: str) -> None:
    value = {name: " a \t b \n \nc\n"}
    assert render(_template("{{" + name + "}}"), value) == lines


def test_every_other_value_stays_on_its_line() -> None:
    for name in VARIABLES - {"items", "customMessage"}:
        assert render(_template("{{" + name + "}}"), {name: " a \t b \n \nc\n"}) == "a b c"
