"""Light and dark colour palettes, and the contrast ratio of two colours."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Tone(StrEnum):
    """Meaning of a coloured chip, always shown with an icon and a word too."""

    CALM = "calm"
    WAIT = "wait"
    GOING = "going"
    GOOD = "good"
    SEEN = "seen"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class ToneColours:
    """Text colour and the background under it."""

    foreground: str
    background: str


@dataclass(frozen=True, slots=True)
class Palette:
    """All colours of the window; `tones` are those of chips."""

    window: str
    card: str
    raised: str
    line: str
    field_line: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    chosen: str
    on_chosen: str
    header: str
    on_header: str
    band: str
    on_band: str
    focus: str
    tones: Mapping[Tone, ToneColours] = field(default_factory=dict)

    def names(self) -> dict[str, str]:
        """Return the stylesheet's variables by name: `${card}`, `${bad_foreground}`."""
        named = {name: colour for name, colour in asdict(self).items() if name != "tones"}
        for tone, tone_colours in self.tones.items():
            named |= {
                f"{tone}_foreground": tone_colours.foreground,
                f"{tone}_background": tone_colours.background,
            }
        return named

    def text_pairs(self) -> Iterator[tuple[str, str]]:
        """Yield each text colour with each background under it."""
        for ground in (self.window, self.card, self.raised, self.chosen):
            yield from ((self.text, ground), (self.muted, ground))
        for ground in (self.window, self.card, self.raised):
            yield self.accent, ground
        yield from ((self.card, self.accent), (self.card, self.tones[Tone.BAD].foreground))
        yield from ((self.on_accent, self.accent), (self.on_accent, self.accent_hover))
        yield from ((self.on_chosen, self.chosen), (self.on_header, self.header), (self.on_band, self.band))
        for tone_colours in self.tones.values():
            yield tone_colours.foreground, tone_colours.background
        for tone in (Tone.BAD, Tone.WAIT, Tone.GOOD, Tone.SEEN):
            yield from (
                (self.tones[tone].foreground, ground) for ground in (self.window, self.card, self.chosen)
            )


LIGHT = Palette(
    window="#FBF7F0",
    card="#FFFFFF",
    raised="#F5EEE4",
    line="#E8DFD3",
    field_line="#94868F",
    text="#2A1A2E",
    muted="#66586B",
    accent="#4B1D52",
    accent_hover="#63296C",
    on_accent="#FFFFFF",
    chosen="#F3E8F5",
    on_chosen="#4B1D52",
    header="#4B1D52",
    on_header="#FBF7F0",
    band="#F2B632",
    on_band="#332300",
    focus="#8A4A96",
    tones={
        Tone.CALM: ToneColours("#5A4D5F", "#F0EAE3"),
        Tone.WAIT: ToneColours("#7A4F00", "#FCF0CF"),
        Tone.GOING: ToneColours("#6A2E74", "#F3E4F5"),
        Tone.GOOD: ToneColours("#1F6B3F", "#E2F2E8"),
        Tone.SEEN: ToneColours("#1B5596", "#E1ECF8"),
        Tone.BAD: ToneColours("#A9271E", "#FCE7E4"),
    },
)

DARK = Palette(
    window="#17111A",
    card="#211925",
    raised="#2B2130",
    line="#3B2F41",
    field_line="#85748C",
    text="#F5EEF7",
    muted="#B9AABF",
    accent="#DDB0E5",
    accent_hover="#E8C6EE",
    on_accent="#2D1233",
    chosen="#3A2741",
    on_chosen="#F0D9F4",
    header="#2A1030",
    on_header="#FBF7F0",
    band="#F2B632",
    on_band="#332300",
    focus="#C58FD0",
    tones={
        Tone.CALM: ToneColours("#CBBED0", "#332939"),
        Tone.WAIT: ToneColours("#F5C95A", "#3B2E10"),
        Tone.GOING: ToneColours("#E2B4EA", "#3D2545"),
        Tone.GOOD: ToneColours("#7FD6A0", "#173525"),
        Tone.SEEN: ToneColours("#8CC0F5", "#17304A"),
        Tone.BAD: ToneColours("#FF9D92", "#4A1E1B"),
    },
)


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio: from 1 (the same) to 21 (black on white)."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
