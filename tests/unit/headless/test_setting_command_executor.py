"""Commands about settings: list, change, reset, names of numbers."""

import json
from typing import Any

import pytest

from app import paths
from app.domain.events import SettingsChanged
from app.domain.settings import SETTINGS
from app.headless.command_executor import CommandExecutor
from app.headless.commands import read_command
from app.headless.event_json import event_json
from app.services.text.message_catalog import MessageCatalog
from tests.harness.settings_shop import in_settings_shop
from tests.harness.shop import Shop

pytestmark = pytest.mark.requirement("D4")
SENTENCES = MessageCatalog(paths.sentences("pt-BR").read_text("utf-8"))
SECRET = "s" * 40


async def answer(shop: Shop, **fields: object) -> dict[str, Any]:
    return await CommandExecutor(shop.core, SENTENCES).execute(read_command(json.dumps(fields)))


def test_settings_are_listed_with_source_and_without_secrets() -> None:
    async def story(shop: Shop) -> None:
        said = await answer(shop, command="settings")
        listed = {each["name"]: each for each in said["settings"]}
        assert list(listed) == list(SETTINGS)
        assert listed["UNDO_SECONDS"] == {
            "name": "UNDO_SECONDS",
            "value": 7,
            "source": "environment",
            "applies": "at_once",
            "overruled": False,
        }
        assert listed["WHATSAPP_WEBHOOK_SECRET"]["value"] == "•••"
        assert SECRET not in json.dumps(said)
        assert said["sessions"] == [{"session": "main", "name": None}]

    in_settings_shop(story, environment={"UNDO_SECONDS": 7, "WHATSAPP_WEBHOOK_SECRET": SECRET})


def test_set_setting_changes_and_resets_with_null() -> None:
    async def story(shop: Shop) -> None:
        said = await answer(shop, command="set_setting", name="CONNECTION_TIMEOUT_MS", value=5000)
        assert (said["ok"], said["value"], said["screen"], said["next"]) == (True, 20_000, 5000, 5000)
        said = await answer(shop, command="set_setting", name="CONNECTION_TIMEOUT_MS", value=None)
        assert (said["ok"], said["value"], "screen" in said, "next" in said) == (True, 20_000, False, False)
        events = [event_json(each) for each in shop.events if isinstance(each, SettingsChanged)]
        assert events == [{"event": "settings", "names": ["CONNECTION_TIMEOUT_MS"]}] * 2

    in_settings_shop(story)


@pytest.mark.parametrize(
    ("name", "value", "reason", "part"),
    [
        ("UNDO_SECONDS", 31, None, "um número de 0 a 30"),
        ("UNDO_SECONDS", True, None, "um número de 0 a 30"),
        ("COLOR", "red", "unknown", "COLOR"),
        ("WHATSAPP_SESSION_ID", "x", "not_on_screen", "config.toml"),
    ],
)
def test_set_setting_refuses_with_a_sentence(name: str, value: object, reason: str | None, part: str) -> None:
    async def story(shop: Shop) -> None:
        said = await answer(shop, command="set_setting", name=name, value=value)
        assert (said["ok"], said["error"], said.get("reason")) == (False, "setting_refused", reason)
        assert part in said["sentence"]

    in_settings_shop(story)


@pytest.mark.requirement("Q9")
def test_name_session_names_a_number_of_the_shop_alone() -> None:
    async def story(shop: Shop) -> None:
        said = await answer(shop, command="name_session", session="main", name="Balcão")
        assert said["sessions"] == [{"session": "main", "name": "Balcão"}]
        said = await answer(shop, command="name_session", session="other", name="Balcão")
        assert (said["ok"], said["error"], said["field"]) == (False, "bad_field", "session")
        said = await answer(shop, command="name_session", session="main", name=None)
        assert said["sessions"] == [{"session": "main", "name": None}]

    in_settings_shop(story)
