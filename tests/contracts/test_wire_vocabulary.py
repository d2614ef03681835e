"""The wire is told three times: in protocol.md, in Python, in TypeScript; the three must agree."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from app.adapters.whatsapp import line_codec, wire_history
from app.adapters.whatsapp import wire_messages as wire
from app.adapters.whatsapp import wire_notices as notices
from app.adapters.whatsapp import wire_vocabulary as words
from app.domain.close_policy import CloseCause

ROOT = Path(__file__).parents[2]
PROTOCOL = (ROOT / "resources/docs/protocol.md").read_text(encoding="utf-8").split("\n## 2.")[0]
TYPESCRIPT = ROOT / "resources/whatsapp/sidecar/protocol/vocabulary.ts"

ASKED = {method.name: method for method in (*words.PYTHON_ASKS, *words.SIDECAR_ASKS)}


def rows(section: str) -> dict[str, list[str]]:
    """Method name to the cells beside it, of the table in that section."""
    text = PROTOCOL.split(f"### {section}")[1].split("\n###")[0]
    table = re.findall(r"^\| `([\w.]+)` \|(.*)\|$", text, re.MULTILINE)
    return {name: cells.split(" | ") for name, cells in table}


def groups(text: str) -> list[frozenset[str]]:
    """The names of the fields of each outermost `{…}`."""
    found, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        if sign == "{":
            start = place + 1 if depth == 0 else start
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                found.append(fields(text[start:place]))
    return found


def fields(inside: str) -> frozenset[str]:
    nested = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]")
    while nested.search(inside):
        inside = nested.sub("", inside)
    return frozenset(re.findall(r"(?:^|,)\s*(\w+)", inside))


def shapes(result: TypeAdapter[Any]) -> set[frozenset[str]]:
    schema = result.json_schema()
    kinds = [schema["$defs"][one["$ref"].rpartition("/")[2]] for one in schema.get("oneOf", [])] or [schema]
    return {frozenset(kind.get("properties", {})) for kind in kinds}


def test_the_document_and_python_name_the_same_methods() -> None:
    assert set(rows("1.1")) == {method.name for method in words.PYTHON_ASKS}
    assert set(rows("1.2")) == {method.name for method in words.SIDECAR_ASKS}
    assert set(rows("1.3")) == set(words.SIDECAR_TELLS)
    version = re.search(r"`WIRE_VERSION` is \*\*(\d+)\*\*", PROTOCOL)
    assert version is not None
    assert int(version[1]) == wire.WIRE_VERSION


@pytest.mark.parametrize("name", sorted(ASKED))
def test_the_document_and_python_give_a_question_the_same_fields(name: str) -> None:
    cells = {**rows("1.1"), **rows("1.2")}[name]
    assert groups(cells[0]) == [frozenset(ASKED[name].params.model_fields)]
    documented = cells[1]
    if name == "send_text":
        documented = PROTOCOL.split("answers exactly one of")[1].split("\nErrors:")[0]
    # In prose, braces may come again: the first ones are the shapes.
    expected = shapes(ASKED[name].result)
    assert (
        set(groups(documented)[: len(expected)] if name != "find_numbers" else outcomes(documented))
        == expected
    )


def outcomes(documented: str) -> list[frozenset[str]]:
    return [group for group in groups(documented) if "outcome" in group]


@pytest.mark.parametrize("name", sorted(words.SIDECAR_TELLS))
def test_the_document_and_python_give_a_notice_the_same_fields(name: str) -> None:
    assert groups(rows("1.3")[name][0])[0] == frozenset(words.SIDECAR_TELLS[name].model_fields)


@pytest.mark.parametrize(
    "code",
    [
        words.WRONG_VERSION,
        words.ADDRESS_REFUSED,
        words.NOT_CONNECTED,
        words.CODE_REFUSED,
        words.CREDENTIALS_UNREADABLE,
        words.INVALID_PARAMS,
        words.UNKNOWN_METHOD,
        words.FAILED_INSIDE,
    ],
)
def test_the_document_names_every_error_code(code: int) -> None:
    assert str(code).replace("-", "−") in PROTOCOL.split("\nErrors:")[1].splitlines()[0]


def typescript_lists() -> dict[str, list[str]]:
    lists = re.findall(r"export const (\w+) = \[([^\]]*)\] as const;", TYPESCRIPT.read_text(encoding="utf-8"))
    return {name: re.findall(r'"([\w.]+)"', inside) for name, inside in lists}


def literals(model: type[wire.WireMessage], field: str) -> list[str]:
    annotation = model.model_fields[field].annotation
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return list(get_args(parts[0]) if type(None) in get_args(annotation) else parts)


def test_every_cause_of_a_close_is_known_to_the_core() -> None:
    assert literals(notices.ConnectionNotice, "cause") == list(CloseCause)


def test_typescript_and_python_use_the_same_words() -> None:
    assert typescript_lists() == {
        "METHODS_PYTHON_ASKS": [method.name for method in words.PYTHON_ASKS],
        "METHODS_SIDECAR_ASKS": [method.name for method in words.SIDECAR_ASKS],
        "METHODS_SIDECAR_TELLS": list(words.SIDECAR_TELLS),
        "CONNECTION_STATES": literals(notices.ConnectionNotice, "state"),
        "CLOSE_CAUSES": literals(notices.ConnectionNotice, "cause"),
        "RECEIPT_LEVELS": literals(wire.OneReceipt, "level"),
        "INBOUND_KINDS": literals(wire.InboundParams, "kind"),
        "REJECTED_KINDS": literals(wire.TextRejected, "kind"),
        "IN_DOUBT_REASONS": literals(wire.TextInDoubt, "reason"),
        "COULD_NOT_ASK_KINDS": literals(wire.NumbersNotAsked, "kind"),
        "HISTORY_OUTCOMES": literals(wire_history.ReadHistoryResult, "outcome"),
        "PAIRING_NOTICE_KINDS": literals(notices.PairingNotice, "kind"),
        "RESTRICTION_KINDS": literals(notices.RestrictionNotice, "kind"),
        "BROWSERS": literals(wire.ConnectParams, "browser"),
    }


def test_typescript_and_python_use_the_same_numbers() -> None:
    text = TYPESCRIPT.read_text(encoding="utf-8")
    assert f"WIRE_VERSION = {wire.WIRE_VERSION};" in text
    limit = re.search(r"LINE_LIMIT_BYTES = ([\d *]+);", text)
    assert limit is not None
    factors = [int(factor) for factor in limit[1].split("*")]
    assert factors == [4, 1024, 1024]
    assert line_codec.LONGEST_LINE == 4 * 1024 * 1024
    codes = dict(re.findall(r"(\w+): (-?\d+),", text.split("ERROR_CODES")[1]))
    assert codes == {
        "wrong_version": str(words.WRONG_VERSION),
        "address_refused": str(words.ADDRESS_REFUSED),
        "not_connected": str(words.NOT_CONNECTED),
        "code_refused": str(words.CODE_REFUSED),
        "credentials_unreadable": str(words.CREDENTIALS_UNREADABLE),
        "invalid": str(words.INVALID_PARAMS),
        "unknown_method": str(words.UNKNOWN_METHOD),
        "failure": str(words.FAILED_INSIDE),
    }
