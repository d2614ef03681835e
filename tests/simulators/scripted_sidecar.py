"""A child process that speaks the wire and misbehaves as a test says; run by Python in place of Node.

A script is a list of lives, one per start of the child (the last is repeated). A life names what to do `at_start`
and `on` each method, as steps: `[name, argument, …]`, the methods of `_Child` below that begin with `play_`.
`stubborn` lives ignore the end of their input and SIGTERM.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

Step = list[Any]

PONG = {
    "wire_version": 8,
    "baileys": "0",
    "node": "0",
    "pid": os.getpid(),
    "steady_ms": 5000,
    "memory_bytes": 1,
    "round_trip_ms": None,
    "answered_ms": None,
    "client_version": None,
}
_ALWAYS: dict[str, list[Step]] = {"ping": [["answer", PONG]]}


def write_bundle(folder: Path, lives: list[dict[str, Any]]) -> Path:
    """The file to give as bundle; `folder` also gets the count of starts."""
    bundle = folder / "scripted.py"
    root = Path(__file__).parents[2]
    bundle.write_text(
        f"import sys\nsys.path.insert(0, {str(root)!r})\n"
        "from tests.simulators.scripted_sidecar import play\n"
        f"play({lives!r}, {str(folder / 'starts')!r})\n"
    )
    return bundle


def starts(folder: Path) -> int:
    """How often the child has been started."""
    counted = folder / "starts"
    return counted.stat().st_size if counted.exists() else 0


class _Child:
    def __init__(self, life: dict[str, Any]) -> None:
        self._on: dict[str, list[Step]] = {**_ALWAYS, **life.get("on", {})}
        self._numbers = count(1)
        self._question: dict[str, Any] = {}
        self._held: int | None = None
        self._out = sys.stdout.buffer

    def run(self, at_start: Iterable[Step]) -> None:
        for step in at_start:
            self._do(step)
        for line in sys.stdin.buffer:
            self._receive(json.loads(line))

    def _receive(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self._show(message.get("result", message.get("error")))
            return
        self._question = message
        for step in self._on.get(message["method"], [["answer", {}]]):
            self._do(step)

    def _do(self, step: Step) -> None:
        getattr(self, f"play_{step[0]}")(*step[1:])

    def play_answer(self, result: Any) -> None:
        self._write(id=self._question["id"], result=result)

    def play_refuse(self, code: int) -> None:
        self._write(id=self._question["id"], error={"code": code, "message": "refused"})

    def play_never(self) -> None:
        """No answer."""

    def play_deafen(self, method: str) -> None:
        """From now on it is asked this in vain."""
        self._on[method] = []

    def play_hold(self) -> None:
        """No answer until `release`."""
        self._held = self._question["id"]

    def play_release(self, result: Any) -> None:
        self._write(id=self._held, result=result)

    def play_echo(self) -> None:
        """The question comes back as the text of a `qr`."""
        self._show(self._question["params"])

    def play_tell(self, method: str, params: Any) -> None:
        self._write(method=method, params=params)

    def play_ask(self, method: str, params: Any) -> None:
        """The answer comes back as the text of a `qr`."""
        self._write(id=next(self._numbers), method=method, params=params)

    def play_say(self, raw: str) -> None:
        self._say(raw.encode())

    def play_complain(self, raw: str) -> None:
        print(raw, file=sys.stderr, flush=True)  # noqa: T201 - stderr is what this step is about

    def play_overlong(self) -> None:
        self._say(b'{"jsonrpc":"2.0","method":"' + b"x" * (4 * 2**20) + b'"}\n')

    def play_close_stdout(self) -> None:
        os.close(1)

    def play_die(self, code: int) -> None:
        os._exit(code)

    def _show(self, said: Any) -> None:
        self._write(method="qr", params={"generation": 1, "text": json.dumps(said), "lives_ms": 1000})

    def _write(self, **message: Any) -> None:
        self._say(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def _say(self, raw: bytes) -> None:
        self._out.write(raw)
        self._out.flush()


def play(lives: list[dict[str, Any]], counted: str) -> None:
    with Path(counted).open("ab") as file:
        file.write(b".")
        number = file.tell()
    life = lives[min(number, len(lives)) - 1]
    if life.get("stubborn"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _Child(life).run(life.get("at_start", []))
    if life.get("stubborn"):
        threading.Event().wait()
