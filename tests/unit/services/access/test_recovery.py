"""Recovery phrase: asked back before it counts, the way out of a forgotten PIN, and key rotation."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from app.domain.audit import AuditResult
from app.domain.errors import BadKeyError, ManagerNeededError, PhraseNotRepeatedError, WrongPhraseError
from app.services.access.recovery import PhraseDraft, Recovery
from tests.harness.access import AccessHarness, open_access
from tests.simulators.memory_store import MemoryStore
from tests.simulators.plain_custody import PlainCustody
from tests.simulators.seeded_entropy import SeededEntropy

pytestmark = pytest.mark.requirement("X3")

PIN = "2468"
Story = Callable[[AccessHarness, Recovery, PlainCustody, list[str]], Coroutine[Any, Any, None]]


def _in_story(story: Story, *, pin: str | None = None) -> None:
    async def run() -> None:
        access = await open_access(MemoryStore(), pin=pin)
        custody, resealed = PlainCustody(SeededEntropy(1)), list[str]()
        recovery = Recovery(
            custody, access.gate, access.pin, access.audit, SeededEntropy(2), lambda: resealed.append("pass")
        )
        await story(access, recovery, custody, resealed)

    asyncio.run(run())


def _repeated(draft: PhraseDraft) -> dict[int, str]:
    return {place: draft.words[place - 1].upper() for place in draft.asked}


def test_draft_has_twelve_words_and_asks_three_of_them_back() -> None:
    async def story(_: AccessHarness, recovery: Recovery, custody: PlainCustody, __: list[str]) -> None:
        draft = await recovery.draft_phrase()
        assert len(draft.words) == 12
        assert len(set(draft.asked)) == 3
        assert list(draft.asked) == sorted(draft.asked)
        assert set(draft.asked) <= set(range(1, 13))
        assert not custody.has_phrase
        assert draft.words[0] not in repr(draft)

    _in_story(story)


def test_phrase_counts_once_its_words_are_repeated() -> None:
    async def story(_: AccessHarness, recovery: Recovery, custody: PlainCustody, __: list[str]) -> None:
        draft = await recovery.draft_phrase()
        right = _repeated(draft)
        for place in draft.asked:
            with pytest.raises(PhraseNotRepeatedError) as refused:
                await recovery.keep_phrase(draft, right | {place: "coco"})
            assert refused.value.facts == {"position": place}
        with pytest.raises(PhraseNotRepeatedError):
            await recovery.keep_phrase(draft, {})
        assert not custody.has_phrase
        await recovery.keep_phrase(draft, right)
        assert custody.opens(" ".join(draft.words))

    _in_story(story)


def test_phrase_is_kept_although_the_gate_has_locked_itself_meanwhile() -> None:
    async def story(access: AccessHarness, recovery: Recovery, custody: PlainCustody, _: list[str]) -> None:
        await access.gate.unlock(PIN)
        draft = await recovery.draft_phrase()
        access.gate.lock()
        await recovery.keep_phrase(draft, _repeated(draft))
        assert custody.has_phrase
        (latest,) = await access.audit.latest(1)
        assert (latest.event.act, latest.event.result) == ("make_phrase", AuditResult.ALLOWED)

    _in_story(story, pin=PIN)


@pytest.mark.requirement("X5")
def test_phrase_and_rotation_need_the_manager() -> None:
    async def story(_: AccessHarness, recovery: Recovery, custody: PlainCustody, resealed: list[str]) -> None:
        for act in (recovery.draft_phrase(), recovery.rotate_keys()):
            with pytest.raises(ManagerNeededError):
                await act
        assert (custody.rotations, resealed) == (0, [])

    _in_story(story, pin=PIN)


def test_rotation_adds_a_key_and_begins_a_pass_over_the_cells() -> None:
    async def story(_: AccessHarness, recovery: Recovery, custody: PlainCustody, resealed: list[str]) -> None:
        await recovery.rotate_keys()
        assert (custody.rotations, resealed) == (1, ["pass"])

    _in_story(story)


@pytest.mark.requirement("X5")
def test_forgotten_pin_is_removed_by_the_phrase_in_force_alone() -> None:
    async def story(access: AccessHarness, recovery: Recovery, custody: PlainCustody, _: list[str]) -> None:
        phrase, other = custody.draft_phrase(), custody.draft_phrase()
        await custody.keep_phrase(phrase)
        with pytest.raises(WrongPhraseError):
            await recovery.reset_pin(other)
        with pytest.raises(BadKeyError):
            await recovery.reset_pin("açaí")
        assert access.gate.has_pin
        await recovery.reset_pin(phrase)
        assert not (await access.restarted()).gate.has_pin
        told = [(each.event.act, each.event.result) for each in await access.audit.latest(2)]
        assert told == [("reset_pin", AuditResult.ALLOWED), ("reset_pin", AuditResult.REFUSED)]

    _in_story(story, pin=PIN)
