"""Conversation with the real program over its pipes, beside a simulated WhatsApp."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any
from uuid import UUID

from app.adapters.demo.admin_client import AdminClient
from tests.harness.running_app import running_app
from tests.simulators.whatsapp_simulator import SHOP


class HeadlessShopHarness:
    """A conversation with the program: every line is waited for, however long the machine takes."""

    def __init__(self, app: "Popen[str]") -> None:
        self._app = app
        self.heard: list[dict[str, Any]] = []

    def say(self, command: str, **fields: object) -> dict[str, Any]:
        """The answer to it."""
        assert self._app.stdin is not None
        self._app.stdin.write(json.dumps({"id": 1, "command": command, **fields}) + "\n")
        self._app.stdin.flush()
        return self.until(id=1)

    def until(self, **fields: object) -> dict[str, Any]:
        """The next line that says this."""
        assert self._app.stdout is not None
        for line in self._app.stdout:
            said: dict[str, Any] = json.loads(line)
            self.heard.append(said)
            if said.items() >= fields.items():
                return said
        raise AssertionError(f"the program ended before it said {fields}: {self.heard}")

    def order(self, number: int, phone: str) -> str:
        order_id = str(UUID(int=number))
        assert self.say("order", order_id=order_id, number=number, name="Ana", phone=phone)["ok"]
        return order_id

    def until_open(self) -> None:
        if not any(line.get("lamp") == "connected" for line in self.heard):
            self.until(event="connection", lamp="connected")


@contextmanager
def headless_shop(folder: Path, url: str, **variables: str) -> Iterator[HeadlessShopHarness]:
    with running_app(
        "--headless", "--data-dir", str(folder), "--simulated-whatsapp", url, **variables
    ) as app:
        talk = HeadlessShopHarness(app)
        yield talk
        assert talk.say("quit")["ok"]
        assert app.wait(timeout=30) == 0


def pair(talk: HeadlessShopHarness, admin: AdminClient) -> None:
    talk.say("pair")
    while not (qr := talk.until(event="connection").get("qr")):
        pass
    admin._ask("POST", "scan", {"number": SHOP, "qr": qr})
    talk.until_open()


def shown(admin: AdminClient, number: str) -> list[int]:
    found = admin._ask("GET", f"inbox?number=%2B{number[1:]}", None)
    return [message["shown"] for message in found["messages"]]
