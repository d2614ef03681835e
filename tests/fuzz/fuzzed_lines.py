"""Lines for stdin made by chance out of right ones: other values, other types, cut, doubled, with odd bytes."""

import json
from random import Random  # noqa: TID251 - from a seed
from typing import Any, Final

from tests.corpus import as_bytes, given_texts

_WORDS: Final = given_texts("texts", "names", "values", "words")
_LINES: Final = [as_bytes(line) for line in given_texts("lines")]
_ORDERS: Final = [f"00000000-0000-0000-0000-{number:012d}" for number in range(4)]
_COMMANDS: Final[list[dict[str, Any]]] = [
    {"command": "order", "order_id": "", "number": 1, "name": "", "phone": "", "total": "38.00", "notes": ""},
    {"command": "order", "order_id": "", "number": 2, "name": "", "items": [{"name": "", "quantity": 1}]},
    {"command": "advance", "order_id": "", "status": "ready"},
    {"command": "notify", "order_id": "", "type": "ready"},
    {"command": "resend", "order_id": "", "type": "ready"},
    {"command": "custom", "phone": "+5573999548537", "text": "", "idempotency_key": ""},
    {"command": "reply", "order_id": "", "text": ""},
    {"command": "replies", "order_id": ""},
    {"command": "replies_read", "order_id": ""},
    {"command": "use_number", "order_id": "", "message_id": ""},
    {"command": "retry", "notification_id": ""},
    {"command": "send_again", "order_id": ""},
    {"command": "already_told", "order_id": ""},
    {"command": "step_back", "order_id": ""},
    {"command": "hand_over", "order_id": "", "show": True},
    {"command": "correct_phone", "order_id": "", "phone": ""},
    {"command": "check_number", "phone": "+5573999548537"},
    {"command": "opt_out_undo", "phone": "+5573999548537", "reason": ""},
    {"command": "pickup_replies", "on": True},
    {"command": "template", "type": "custom", "text": "{{customMessage}}"},
    {"command": "link", "order_id": ""},
    {"command": "set_pin", "new_pin": "", "pin": ""},
    {"command": "remove_pin", "pin": ""},
    {"command": "audit_log", "limit": 3},
    {"command": "audit_verify"},
    {"command": "settings"},
    {"command": "set_setting", "name": "UNDO_SECONDS", "value": 9},
    {"command": "set_setting", "name": "SHOP_NAME", "value": None},
    {"command": "name_session", "session": "main", "name": ""},
    {"command": "stats"},
    {"command": "status"},
    {"command": "pause"},
    {"command": "resume"},
    {"command": "retry_failed"},
]
_IDS: Final = ("order_id", "notification_id", "idempotency_key")
_ODD: Final[list[Any]] = [
    None,
    True,
    -1,
    0,
    1.5,
    10**30,
    "",
    [],
    {},
    [[]],
    {"a": []},
    "1" * 5000,
    "NaN",
    "\x00",
]


def made_line(chance: Random) -> bytes:
    """Return one line, right or wrong."""
    if chance.random() < 0.2:
        return broken(chance.choice(_LINES), chance)
    command = {"id": chance.randrange(1000), **chance.choice(_COMMANDS)}
    for name, value in command.items():
        if name in _IDS:
            command[name] = chance.choice(_ORDERS)
        elif value == "":
            command[name] = chance.choice(_WORDS)
    if chance.random() < 0.3:
        command[chance.choice(list(command))] = chance.choice(_ODD)
    line = json.dumps(command, ensure_ascii=chance.random() < 0.5)
    encoded = line.encode("utf-8", "surrogatepass")
    return broken(encoded, chance) if chance.random() < 0.2 else encoded


def broken(line: bytes, chance: Random) -> bytes:
    """Return the line cut, doubled, or with odd bytes."""
    at = chance.randrange(len(line) + 1)
    match chance.randrange(4):
        case 0:
            return line[:at]
        case 1:
            return line[:at] + chance.randbytes(3).replace(b"\n", b"") + line[at:]
        case 2:
            return line[:at] + line
        case _:
            return line[:at] + line[at + 1 :]
