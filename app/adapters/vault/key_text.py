"""Text form of a 32-byte key."""

import binascii
from base64 import b64decode, b64encode

from app.adapters.vault.key_ring import KEY_LENGTH
from app.domain.errors import BadKeyError


def key_as_text(key: bytes) -> str:
    return b64encode(key).decode("ascii")


def key_from_text(text: str, place: str) -> bytes:
    """Parse a key from base64 or 64 hex digits; raises BadKeyError."""
    # A byte order mark comes along when a file's content becomes an environment variable.
    written = text.strip("\ufeff \t\r\n")
    try:
        key = bytes.fromhex(written) if len(written) == 2 * KEY_LENGTH else b64decode(written, validate=True)
    except (ValueError, binascii.Error):
        raise BadKeyError(place=place, reason="not_a_key") from None
    if len(key) != KEY_LENGTH:
        raise BadKeyError(place=place, reason="length")
    return key
