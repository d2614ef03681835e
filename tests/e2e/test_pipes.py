"""Whatever comes in through stdin, and whoever leaves stdout, the program ends in order and speaks UTF-8."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.adapters.system.clock import SystemClock
from tests.harness.running_app import MASTER_KEY, ROOT, run_app, running_app
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
# Their events are more than a pipe's 64 KiB; so are their answers, which alone hold back further commands.
_UNREAD_ORDERS = 90


def _environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "COCO_MASTER_KEY": MASTER_KEY, **variables}


def _talk(folder: Path, given: bytes, **variables: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "main.py", "--headless", "--data-dir", str(folder)],
        input=given,
        capture_output=True,
        timeout=60,
        env=_environment(**variables),
        cwd=ROOT,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_pipe_answers_bytes_that_are_no_text_and_ends_with_stdin(tmp_path: Path, encoding: str) -> None:
    given = b'\xff\xfe\x80\n{"id": 1, "command": "status"}\n'
    done = _talk(tmp_path, given, PYTHONIOENCODING=encoding)
    answers = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    answers = [answer for answer in answers if "ok" in answer]
    assert (done.returncode, [answer["ok"] for answer in answers]) == (0, [False, True]), done.stderr
    assert answers[0]["sentence"].startswith("A linha não está em UTF-8")


def test_a_refusal_is_said_in_utf8_under_any_encoding(tmp_path: Path) -> None:
    done = _talk(tmp_path, b"", PYTHONIOENCODING="ascii", UNDO_SECONDS="99")
    assert done.returncode == 2
    assert "A configuração UNDO_SECONDS" in done.stderr.decode("utf-8")


@pytest.mark.parametrize("arguments", [("--headless",), ("--demo", "--headless", "--orders", "2")])
def test_a_reader_who_leaves_ends_it_without_a_word_of_python(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with subprocess.Popen(
        [sys.executable, "main.py", *arguments, "--data-dir", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        cwd=ROOT,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        if "--demo" not in arguments:
            child.stdin.write(b'{"command":"status"}\n')
            child.stdin.flush()
        said = child.stderr.read().decode("utf-8")
        code = child.wait(60)
    assert (code, said) == (141, "")


def test_help_is_whole_under_ascii() -> None:
    done = run_app("--help", PYTHONIOENCODING="ascii")
    assert done.code == 0
    assert "é" in done.out or "ç" in done.out


def _orders(count: int) -> bytes:
    return b"".join(
        json.dumps(
            {
                "command": "order",
                "order_id": str(UUID(int=number)),
                "number": number,
                "name": "Ana",
                "phone": f"+5573988{number:06}",
            }
        ).encode()
        + b"\n"
        for number in range(1, count + 1)
    )


@pytest.mark.requirement("Z5")
def test_the_shop_goes_on_while_its_stdout_is_not_read() -> None:
    asyncio.run(_unread_shop())


async def _unread_shop() -> None:
    """Far more events than a pipe holds, and a customer who leaves meanwhile: only the phones tell."""
    phones = [f"+5573988{number:06}" for number in range(1, _UNREAD_ORDERS + 1)]
    async with simulated_whatsapp(*({"number": phone} for phone in phones)) as whatsapp:
        with tempfile.TemporaryDirectory() as folder:
            arguments = ("--headless", "--simulated-whatsapp", whatsapp.url, "--data-dir", folder)
            with running_app(*arguments, UNDO_SECONDS="0") as child:
                assert child.stdin is not None
                child.stdin.write(json.dumps({"command": "pair"}) + "\n")
                child.stdin.flush()
                await whatsapp.admin.post("scan", number=SHOP, qr=await asyncio.to_thread(_first_code, child))
                child.stdin.write(_orders(_UNREAD_ORDERS).decode())
                child.stdin.flush()
                await _until_shown(whatsapp, phones[-1], 1)
                await whatsapp.write(phones[0], text="PARAR")
                await _until_shown(whatsapp, phones[0], 2)


def _first_code(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    while not (said := json.loads(child.stdout.readline())).get("qr"):
        pass
    return str(said["qr"])


async def _until_shown(whatsapp: SimulatedWhatsApp, phone: str, texts: int) -> None:
    clock = SystemClock()
    while len(await whatsapp.shown_to(phone)) < texts:
        await clock.sleep(timedelta(milliseconds=50))
