"""A Signal session of Baileys that fills a line of the wire."""

import json

from app.adapters.whatsapp.line_codec import LONGEST_LINE

_SKIPPED = "1000000"
"""Number of a message that never came, whose key a session keeps."""
_LEFT = 400


def stuffed(text: str) -> str:
    """Return the session with a skipped message's key that leaves 400 bytes of a line, less than a write needs."""
    room = LONGEST_LINE - _LEFT - len(json.dumps(_with_key(text, "")))
    return _with_key(text, "A" * (room // 4 * 4))


def _with_key(text: str, key: str) -> str:
    session = json.loads(text)
    first, *_ = session["_sessions"].values()
    chain, *_ = first["_chains"].values()
    chain["messageKeys"][_SKIPPED] = key
    return json.dumps(session, separators=(",", ":"))
