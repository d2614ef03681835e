"""Lines of the sidecar made by chance out of right ones: other values, other types, cut, doubled, with odd bytes."""

import json
from random import Random  # noqa: TID251 - from a seed
from typing import Any, Final

from tests.corpus import given_texts
from tests.fuzz.fuzzed_lines import broken

_WORDS: Final = given_texts("texts", "names", "values", "words")
_IDS: Final = ("3A1", "3A2", "3A3", "", "x" * 300)
_JIDS: Final = (
    "5573999548537@s.whatsapp.net",
    "4711@lid",
    "120363@g.us",
    "@",
    "5573999548537:7@s.whatsapp.net",
)
_LEVELS: Final = ("accepted", "rejected", "sender", "retry", "copy", "delivered", "read", "played")
_KINDS: Final = ("text", "image", "reaction", "edit", "deletion", "unreadable", "other", "poll")
_NUMBERS: Final = (None, 0, 1, -1, 463, 515, 1_700_000_000_000, 10**15, 2**53, 2**63, 10**30, 1.5, "1", True)
_ODD: Final[tuple[Any, ...]] = (None, True, -1, 1.5, "", [], {}, [[]], {"a": []}, "\x00", 10**30)


def made_wire_line(chance: Random) -> bytes:
    """Return one line of the sidecar without its end, right or wrong."""
    pick = chance.choice
    jid, word, number = pick(_JIDS), pick(_WORDS), pick(_NUMBERS)
    account = pick([None, {"jid": jid, "lid": pick(_JIDS)}])
    receipt = {"message_id": pick(_IDS), "level": pick(_LEVELS), "code": pick([None, 463]), "at": number}
    timer = {"number": pick([None, "+5573999990000"]), "lid": pick(_JIDS), "seconds": number, "at": number}
    method, params = pick(
        [
            ("inbound", _inbound(chance)),
            ("inbound", _inbound(chance)),
            ("mappings", {"mappings": [_mapping(chance)] * chance.randrange(4)}),
            ("chat_timers", {"timers": [timer] * chance.randrange(4)}),
            ("receipts", {"receipts": [receipt] * chance.randrange(4)}),
            ("about_to_write", {"message_id": pick(_IDS)}),
            ("sent_text.get", {"message_id": pick(_IDS)}),
            ("keys.get", {"type": word, "ids": [word]}),
            ("keys.set", {"changes": {"session": {word: pick([None, word])}}}),
            ("creds.save", {"credentials": word, "account": account}),
            ("connection", _connection(chance, account)),
            ("qr", {"generation": 0, "text": word, "lives_ms": number}),
            ("pairing_notice", {"generation": 0, "kind": pick(["passkey", "registration_refresh", "?"])}),
            ("server_time", {"generation": 0, "at": number}),
            ("restriction", _restriction(chance)),
            (word, {}),
        ]
    )
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
    if "generation" not in params:
        message["id"] = chance.randrange(1000)
    if chance.random() < 0.2:
        params[pick(list(params) or ["a"])] = pick(_ODD)
    line = json.dumps(message, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    return broken(line, chance) if chance.random() < 0.1 else line


def _connection(chance: Random, account: Any) -> dict[str, Any]:
    pick = chance.choice
    return {
        "generation": 0,
        "state": _state(chance),
        "code": pick(_NUMBERS),
        "cause": pick([None, None, "no_internet", "certificate", "weather"]),
        "expires_in_s": pick(_NUMBERS),
        "account": account,
    }


def _state(chance: Random) -> str:
    return chance.choice(["connecting", "paired", "open", "drained", "closed", "gone"])


def _inbound(chance: Random) -> dict[str, Any]:
    pick = chance.choice
    return {
        "message_id": pick(_IDS),
        "jid": pick(_JIDS),
        "number": pick([None, "+5573999548537", "+5215512345678", "+1", "", "5573999548537", pick(_WORDS)]),
        "lid": pick([None, *_JIDS]),
        "username": pick([None, "ana.acai", pick(_WORDS)]),
        "name": pick([None, pick(_WORDS)]),
        "kind": pick(_KINDS),
        "text": pick([None, pick(_WORDS)]),
        "about": pick([None, *_IDS]),
        "at": pick(_NUMBERS[1:]),
        "live": pick([True, False]),
    }


def _mapping(chance: Random) -> dict[str, Any]:
    pick = chance.choice
    return {
        "number": pick([None, "+5573999548537", "+1", "", pick(_WORDS)]),
        "lid": pick([*_JIDS, pick(_WORDS)]),
        "username": pick([None, "ana.acai", "+5573999548537", pick(_WORDS)]),
        "live": pick([True, False]),
    }


def _restriction(chance: Random) -> dict[str, Any]:
    pick = chance.choice
    return {
        "generation": 0,
        "kind": pick(["time_lock", "new_chat_cap"]),
        "active": pick([True, False]),
        **{name: pick(_NUMBERS) for name in ("until", "used", "total")},
    }
