"""Measures how plainly the code is described: indefinite pronouns in docstrings and comments."""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.architecture.tracked_files import files_under, short

PRONOUNS = frozenset(
    {
        "who",
        "whoever",
        "whom",
        "whose",
        "what",
        "whatever",
        "nobody",
        "somebody",
        "anybody",
        "everybody",
        "someone",
        "anyone",
        "everyone",
        "nothing",
        "something",
        "anything",
        "everything",
        "none",
    }
)
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_SENTENCE = re.compile(r"(?<=[.:;?!])\s")
_BLOCK = re.compile(r"/\*\*?(.*?)\*/", re.DOTALL)
_LINE = re.compile(r"(?<![:\"'`/])//\s(.*)")
_SWITCHES = ("noqa", "type:", "pragma", "eslint", "shellcheck", "ts-")


@dataclass
class Prose:
    """Words of some texts, and how many of them are indefinite pronouns."""

    words: int = 0
    pronouns: int = 0
    sentences: int = 0
    unclear: list[str] = field(default_factory=list)
    """First sentences with such a pronoun."""

    @property
    def per_thousand(self) -> float:
        return 1000 * self.pronouns / max(self.words, 1)

    @property
    def unclear_percent(self) -> float:
        return 100 * len(self.unclear) / max(self.sentences, 1)

    def add(self, text: str) -> None:
        """Count one text; its first sentence counts for itself too."""
        found = words_of(text)
        self.words += len(found)
        self.pronouns += len(pronouns_of(found))
        first = _SENTENCE.split(text.strip(), 1)[0]
        self.sentences += 1
        if pronouns_of(words_of(first)):
            self.unclear.append(" ".join(first.split()))


def words_of(text: str) -> list[str]:
    """Return the words outside of code and quotations."""
    return _WORD.findall(_QUOTED.sub(" ", text))


def pronouns_of(words: list[str]) -> list[str]:
    """Return the indefinite pronouns; `None` is Python's."""
    return [word for word in words if word != "None" and word.lower() in PRONOUNS]


def python_texts(source: str) -> Iterator[str]:
    """Yield docstrings, those of attributes too, and comments; neighbouring comment lines are one text."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text
    yield from _joined_comments(source)


def _joined_comments(source: str) -> Iterator[str]:
    lines: list[str] = []
    last = -1
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        text = token.string.lstrip("# ")
        if token.type != tokenize.COMMENT or text.startswith(_SWITCHES):
            continue
        if lines and token.start[0] != last + 1:
            yield " ".join(lines)
            lines = []
        lines.append(text)
        last = token.start[0]
    if lines:
        yield " ".join(lines)


def typescript_texts(source: str) -> Iterator[str]:
    """Yield the block comments and the line comments."""
    for match in _BLOCK.finditer(source):
        yield re.sub(r"^\s*\* ?", "", match[1], flags=re.MULTILINE)
    rest = _BLOCK.sub("", source)
    yield from (match[1] for match in _LINE.finditer(rest) if not match[1].startswith(_SWITCHES))


def measure(*places: str) -> dict[str, Prose]:
    """Return the prose of each file under these folders of the project."""
    found: dict[str, Prose] = {}
    for suffix, texts in ((".py", python_texts), (".ts", typescript_texts)):
        for path in files_under(*places, suffix=suffix):
            found[short(path)] = prose = Prose()
            for text in texts(path.read_text("utf-8")):
                prose.add(text)
    return found


def together(measured: dict[str, Prose]) -> Prose:
    total = Prose()
    for each in measured.values():
        total.words += each.words
        total.pronouns += each.pronouns
        total.sentences += each.sentences
        total.unclear += each.unclear
    return total


def main(places: list[str]) -> None:
    """Print the figures of each place, its files with most pronouns, and some unclear first sentences."""
    for place in places or ["app", "resources/whatsapp"]:
        sys.stdout.writelines(f"{line}\n" for line in report(place))


def report(place: str) -> Iterator[str]:
    measured = measure(place)
    total = together(measured)
    yield (
        f"{place}: {total.words} words, {total.per_thousand:.1f} indefinite pronouns per 1,000, "
        f"{total.unclear_percent:.1f} % of {total.sentences} first sentences"
    )
    worst = sorted(measured.items(), key=lambda each: -each[1].pronouns)
    yield from (
        f"  {prose.pronouns:4} {name} ({prose.words} words)" for name, prose in worst[:25] if prose.pronouns
    )
    yield from (f"  ! {sentence}" for sentence in total.unclear[:15])


if __name__ == "__main__":
    main(sys.argv[1:])
