"""Table of all keys: from it come the tooltips, the page behind F1, and the test of the shortcuts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QCoreApplication


class KeyGroup(StrEnum):
    """Group of keys on the page of all keys."""

    LIST = "list"
    ORDER = "order"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the table.

    `sequences` are Qt's portable names; `key` is what the keyboard shows, `words` the untranslated effect.
    """

    sequences: tuple[str, ...]
    key: str
    words: str
    group: KeyGroup


_L, _O, _W = KeyGroup.LIST, KeyGroup.ORDER, KeyGroup.WINDOW
KEYS: Final = (
    Key(("Up", "Down"), "↑ ↓", "escolher um pedido", _L),
    Key(("Left", "Right"), "← →", "trocar de aba", _L),
    Key((), "1 2 3 ↵", "ir ao pedido desse número", _L),
    Key(("F3", "Ctrl+F"), "F3", "buscar", _L),
    Key(("F4",), "F4", "próximo não avisado", _L),
    Key(("F8",), "F8", "próxima resposta não lida", _L),
    Key(("F5",), "F5", "tentar de novo todos os que falharam", _L),
    Key(("F2",), "F2", "novo pedido", _L),
    Key(("Return", "Enter"), "↵", "próximo passo", _O),
    Key(("T",), "T", "tentar de novo", _O),
    Key(("R",), "R", "responder", _O),
    Key(("M",), "M", "escrever uma mensagem", _O),
    Key(("A",), "A", "avisar à mão", _O),
    Key(("J",), "J", "já avisei", _O),
    Key(("C",), "C", "copiar o telefone", _O),
    Key(("E",), "E", "corrigir o telefone", _O),
    Key(("Backspace",), "⌫", "voltar uma etapa", _O),
    Key(("Ctrl+Z",), "Ctrl+Z", "desfazer", _O),
    Key(("Esc",), "Esc", "voltar um passo", _W),
    Key(("F1",), "F1", "todas as teclas", _W),
    Key(("F9",), "F9", "pausar ou continuar os avisos", _W),
    Key(("F11",), "F11", "tela cheia", _W),
    Key(("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4"), "Ctrl 1 … 4", "páginas", _W),
    Key(("Ctrl++", "Ctrl+="), "Ctrl +", "pedidos maiores", _W),
    Key(("Ctrl+-",), "Ctrl −", "pedidos menores", _W),
)
"""The words are marked for translation where they are shown."""


def with_key(words: str, sequence: str) -> str:
    """Return the text of a tooltip with its key, as the table shows it: `Pausar os avisos (F9)`."""
    key = next(each.key for each in KEYS if sequence in each.sequences)
    return f"{words} ({key})"


def key_words(key: Key) -> str:
    return QCoreApplication.translate("keys", key.words)
