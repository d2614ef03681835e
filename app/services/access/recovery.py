"""Recovery phrase: made and asked back by the manager, and the way out of a forgotten PIN (X3, X5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.access import ProtectedAct
from app.domain.audit import Actor, AuditResult
from app.domain.canonical_words import canonical_words
from app.domain.errors import PhraseNotRepeatedError, WrongPhraseError
from app.ports.entropy import Entropy
from app.ports.key_custody import KeyCustody
from app.services.access.audit_log import AuditLog
from app.services.access.gate import AccessGate
from app.services.access.pin import ManagerPin

ASKED_WORDS: Final = 3
_RESET: Final = "reset_pin"


@dataclass(frozen=True, slots=True)
class PhraseDraft:
    """Twelve words that open nothing yet, and the places of those that are asked back."""

    words: tuple[str, ...] = field(repr=False)
    asked: tuple[int, ...]
    """Places from 1 to 12, in order."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Use cases of the recovery phrase and of the keys behind it; `reseal` begins a pass over all cells."""

    custody: KeyCustody
    gate: AccessGate
    pin: ManagerPin
    audit: AuditLog
    entropy: Entropy
    reseal: Callable[[], None]

    @property
    def has_phrase(self) -> bool:
        return self.custody.has_phrase

    async def draft_phrase(self) -> PhraseDraft:
        """Return new words to be written down; raises ManagerNeededError. The phrase in force stays until `keep`."""
        await self.gate.authorize(ProtectedAct.MAKE_PHRASE)
        words = tuple(self.custody.draft_phrase().split())
        places = list(range(1, len(words) + 1))
        asked = [places.pop(int(self.entropy.fraction() * len(places))) for _ in range(ASKED_WORDS)]
        return PhraseDraft(words, tuple(sorted(asked)))

    async def keep_phrase(self, draft: PhraseDraft, repeated: Mapping[int, str]) -> None:
        """Put the phrase in force, once the asked words were repeated; raises PhraseNotRepeatedError.

        The draft was authorized: a person who writes twelve words down may need longer than the gate stays open.
        """
        for place in draft.asked:
            if canonical_words(repeated.get(place, "")) != draft.words[place - 1]:
                raise PhraseNotRepeatedError(position=place)
        await self.gate.record(ProtectedAct.MAKE_PHRASE)
        await self.custody.keep_phrase(" ".join(draft.words))

    async def reset_pin(self, phrase: str) -> None:
        """Remove a forgotten PIN; raises BadKeyError for what is no phrase, WrongPhraseError for another one."""
        opens = self.custody.opens(phrase)
        result = AuditResult.ALLOWED if opens else AuditResult.REFUSED
        await self.audit.record(_RESET, Actor.CASHIER, result)
        if not opens:
            raise WrongPhraseError
        await self.pin.remove()
        self.gate.lock()

    async def rotate_keys(self) -> None:
        """Add a data key; all cells are sealed anew with it in the background. Raises ManagerNeededError."""
        await self.gate.authorize(ProtectedAct.ROTATE_KEYS)
        await self.custody.rotate()
        self.reseal()
