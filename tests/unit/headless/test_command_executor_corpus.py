"""Command executor: each corpus line is executed, or refused whole with code, field and reason."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import UnknownCommandError
from app.headless.command_executor import CommandExecutor
from app.headless.commands import read_command
from app.headless.refused_line import decoded
from app.services.text.message_catalog import MessageCatalog
from tests.corpus import Case, as_bytes, read_cases
from tests.harness.shop import Shop, open_shop

pytestmark = pytest.mark.requirement("Z5")
SAY = MessageCatalog(Path("resources/i18n/sentences.pt-BR.json").read_text(encoding="utf-8"))


async def answered(shop: Shop, line: bytes) -> dict[str, Any]:
    clerk = CommandExecutor(shop.core, SAY)
    try:
        command = read_command(decoded(line))
    except UnknownCommandError as error:
        return clerk.refusal(error)
    return await clerk.execute(command)


def in_short(answer: dict[str, Any]) -> str:
    facts = (answer.get(name) for name in ("error", "field", "reason"))
    return "ok" if answer["ok"] else " ".join(str(fact) for fact in facts if fact)


def test_lines_are_answered_as_the_corpus_says() -> None:
    async def day() -> list[tuple[Case, str]]:
        found = []
        for case in read_cases("lines"):
            async with open_shop() as shop:
                answer = await answered(shop, as_bytes(case.given))
            json.dumps(answer)
            found.append((case, in_short(answer)))
        return found

    wrong = {
        case.why: said
        for case, said in asyncio.run(day())
        if said != case.expect and not said.startswith(f"{case.expect} ")
    }
    assert wrong == {}
