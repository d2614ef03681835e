"""First run in the services: shown to a new shop alone, and resumed after a kill."""

import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import WrongKeyError
from app.domain.events import SetupProgressChanged
from app.domain.first_run import SETUP_STEPS, SetupProgress, SetupStep
from app.domain.identifiers import SessionId
from app.domain.session import SessionData
from app.services.setup.first_run import SETTING
from tests.harness.examples import examples
from tests.harness.shop import PAIRED, Shop, in_shop, open_shop, shop_choices
from tests.simulators.memory_sessions import MemorySessionRows
from tests.simulators.memory_store import MemoryStore

WELCOME, CONNECT, MESSAGE, PIN, PHRASE, ORDERS, POSTER = SETUP_STEPS


async def _setting(store: MemoryStore, text: str) -> None:
    await store.transact(lambda rows: rows.settings.set(SETTING, text))


def test_first_run_begins_with_the_welcome_in_an_empty_folder() -> None:
    async def story(shop: Shop) -> None:
        assert shop.core.setup.first_run.due_step is WELCOME
        assert shop.core.setup.first_run.left == SETUP_STEPS

    in_shop(story, paired=False)


def test_first_run_is_not_due_in_a_shop_with_a_linked_number() -> None:
    async def story(shop: Shop) -> None:
        assert shop.core.setup.first_run.due_step is None
        assert CONNECT not in shop.core.setup.first_run.left
        assert MESSAGE in shop.core.setup.first_run.left

    in_shop(story)


def test_first_run_is_not_due_in_a_shop_with_orders_and_no_number() -> None:
    async def story() -> None:
        store = MemoryStore()
        async with open_shop(paired=False, store=store) as shop:
            await shop.see(shop.order(1))
        async with open_shop(paired=False, store=store) as shop:
            assert shop.core.setup.first_run.due_step is None

    asyncio.run(story())


def test_first_run_stays_away_after_one_step_of_a_shop_set_up_before() -> None:
    async def story() -> None:
        store = MemoryStore()
        async with open_shop(store=store) as shop:
            await shop.core.setup.first_run.finish(POSTER)
        async with open_shop(paired=False, store=store) as shop:
            assert shop.core.setup.first_run.due_step is None
            assert shop.core.setup.first_run.progress.done == {POSTER}

    asyncio.run(story())


def test_first_run_is_not_due_where_credentials_do_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> SessionData | None:
        raise WrongKeyError

    monkeypatch.setattr(MemorySessionRows, "get", refuse)

    async def story(shop: Shop) -> None:
        assert shop.core.setup.first_run.due_step is None

    in_shop(story, paired=False)


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(st.booleans(), max_size=len(SETUP_STEPS)), st.booleans())
def test_first_run_resumes_at_the_same_step_after_a_kill(ends: list[bool], paired: bool) -> None:  # noqa: FBT001
    """Kill after any step: each end of a step is on disk when `finish` or `skip` returns."""

    async def story() -> None:
        store, expected = MemoryStore(), list(SETUP_STEPS)
        async with open_shop(paired=False, store=store) as shop:
            for done in ends:
                step = shop.core.setup.first_run.due_step
                assert step is expected[0]
                await (
                    shop.core.setup.first_run.finish(step) if done else shop.core.setup.first_run.skip(step)
                )
                del expected[0]
        if paired and ends:
            await store.transact(lambda rows: rows.sessions.save(PAIRED))
            expected = [step for step in expected if step is not CONNECT]
        async with open_shop(paired=False, store=store, seed=1) as shop:
            assert shop.core.setup.first_run.due_step == (expected[0] if expected else None)
            done_steps = [step for step, done in zip(SETUP_STEPS, ends, strict=False) if done]
            assert shop.core.setup.first_run.progress.done == set(done_steps)

    asyncio.run(story())


def test_pin_and_phrase_that_exist_already_are_no_steps() -> None:
    async def story(shop: Shop) -> None:
        run = shop.core.setup.first_run
        for step in (WELCOME, CONNECT, MESSAGE):
            await run.finish(step)
        assert run.due_step is PIN
        draft = await shop.core.access.recovery.draft_phrase()
        await shop.core.access.recovery.keep_phrase(
            draft, {place: draft.words[place - 1] for place in draft.asked}
        )
        await shop.core.access.gate.set_pin("2468")
        assert run.due_step is ORDERS
        assert run.left == (ORDERS, POSTER)

    in_shop(story, paired=False)


def test_progress_is_published_after_each_step() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.setup.first_run.finish(WELCOME)
        await shop.core.setup.first_run.skip(CONNECT)
        told = [event.progress for event in shop.events if isinstance(event, SetupProgressChanged)]
        assert told == [
            SetupProgress(frozenset({WELCOME})),
            SetupProgress(frozenset({WELCOME}), frozenset({CONNECT})),
        ]

    in_shop(story, paired=False)


@pytest.mark.parametrize(
    "damaged",
    ["", "{", "[]", '"x"', "null", '{"done": 3}', '{"done": "welcome"}', '{"later": []}', "9" * 5000],
)
def test_damaged_progress_begins_anew_in_a_new_shop_alone(damaged: str) -> None:
    async def story() -> None:
        for paired, due in ((False, WELCOME), (True, None)):
            store = MemoryStore()
            await _setting(store, damaged)
            async with open_shop(paired=paired, store=store) as shop:
                assert shop.core.setup.first_run.due_step is due

    asyncio.run(story())


def test_progress_of_a_later_program_keeps_the_known_steps() -> None:
    async def story() -> None:
        store = MemoryStore()
        later = {"done": ["welcome", "printer", 7, None], "skipped": ["connect", "welcome"], "more": {}}
        await _setting(store, json.dumps(later))
        async with open_shop(paired=False, store=store) as shop:
            run = shop.core.setup.first_run
            assert run.progress == SetupProgress(frozenset({WELCOME}), frozenset({CONNECT}))
            assert run.due_step is MESSAGE

    asyncio.run(story())


def test_first_run_counts_the_second_number_of_a_shop_as_linked() -> None:
    async def story() -> None:
        store, second = MemoryStore(), SessionId("second")
        await store.transact(lambda rows: rows.sessions.save(replace(PAIRED, session_id=second)))
        choices = shop_choices(more_sessions=(second,))
        async with open_shop(paired=False, store=store, choices=choices) as shop:
            assert shop.core.setup.first_run.due_step is None
            assert CONNECT in shop.core.setup.first_run.fulfilled

    asyncio.run(story())


def test_setup_step_names_are_those_that_are_stored() -> None:
    async def story() -> None:
        store = MemoryStore()
        async with open_shop(paired=False, store=store) as shop:
            await shop.core.setup.first_run.finish(SetupStep.WELCOME)
            await shop.core.setup.first_run.skip(SetupStep.PIN)
            kept = await store.read(lambda rows: rows.settings.get(SETTING))
        assert json.loads(kept or "") == {"done": ["welcome"], "skipped": ["pin"]}

    asyncio.run(story())
