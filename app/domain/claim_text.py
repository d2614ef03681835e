"""Text by which a customer claims an order: the wording, the chat link that offers it, its parser."""

import re
from typing import Final

from app.domain.canonical_words import canonical_words, is_short
from app.domain.phone import Phone

# Single place of this wording: the link's text must be one that the parser understands.
_WORDS: Final = "Oi! Quero acompanhar o pedido "
_HIGHEST: Final = 2**63 - 1
_HAIL: Final = "(?:oi|oie|ola|opa|alo|bom dia|boa tarde|boa noite|tudo bem|tudo bom)"
_SIGN: Final = "(?:numero|num|nr|no|n)"
_THANKS: Final = "(?: (?:por favor|obrigado|obrigada))?"
_GREETING: Final = re.compile(
    f"(?:{_HAIL} )*(?:eu )?quero acompanhar (?:(?:o|meu|o meu) )?pedido ?(?:{_SIGN} ?)?0*([1-9][0-9]{{0,18}}){_THANKS}"
)


def claim_text(number: int | None = None) -> str:
    """Return the text to send; without a number, the customer adds that of the order."""
    return _WORDS if number is None else f"{_WORDS}{number}"


def chat_link(shop: Phone, number: int | None = None) -> str:
    """Return the link that opens WhatsApp with the shop's chat and the text typed in."""
    return text_link(shop, claim_text(number))


def text_link(phone: Phone, text: str) -> str:
    """Return the link that opens WhatsApp with the chat of this number and `text` typed in."""
    return f"https://wa.me/{phone.number[1:]}?text={''.join(map(_escaped, text.encode()))}"


def claimed_order(text: str) -> int | None:
    """Return the order's number if the whole text is a claim; case, accents, punctuation and pictures are free.

    Any other word makes it a free text: `não quero acompanhar o pedido 12` must not count as a wish.
    """
    if not is_short(text):
        return None
    match = _GREETING.fullmatch(canonical_words(text))
    number = int(match[1]) if match else 0
    return number if 0 < number <= _HIGHEST else None


def is_offered_text(text: str) -> bool:
    """Return whether the text is exactly that of a link, as sent by a scan."""
    number = claimed_order(text)
    return number is not None and " ".join(text.split()) == claim_text(number)


def _escaped(byte: int) -> str:
    sign = chr(byte)
    return sign if byte < 128 and (sign.isalnum() or sign in "-._~") else f"%{byte:02X}"
