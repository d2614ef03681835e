"""Admin client: which server gets admin requests, and what its failure says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from app.adapters.demo.admin_client import AdminClient
from app.bootstrap import shop
from app.bootstrap.options import Options
from app.domain.errors import PortRefusedError, SimulatorUnreachableError
from app.services.text.message_catalog import MessageCatalog

OURS = b"HTTP/1.1 404 x\r\nServer: simulated-whatsapp\r\nContent-Length: 2\r\n\r\n{}"
ANOTHER = b"HTTP/1.1 404 x\r\nServer: other\r\nContent-Length: 2\r\n\r\n{}"
NO_HTTP = b"hello\r\n\r\n"
NO_JSON = b"HTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\n<br/>"
SILENT = b""
SENTENCES = MessageCatalog(Path("resources/i18n/sentences.pt-BR.json").read_text(encoding="utf-8"))


@asynccontextmanager
async def server(answer: bytes, asked: list[str]) -> AsyncIterator[str]:
    """Run a server that gives every request the same answer; yield its websocket address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode().partition(" HTTP")[0])
        writer.write(answer)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}/ws/chat"


def with_server(answer: bytes, work: Callable[[str], Awaitable[object]]) -> list[str]:
    """Run `work` with the address of such a server; return the requests that it got."""
    asked: list[str] = []

    async def run() -> None:
        async with server(answer, asked) as url:
            await work(url)

    asyncio.run(run())
    return asked


def said(error: SimulatorUnreachableError) -> str:
    return SENTENCES.of_error(error).text


@pytest.mark.parametrize("answer", [ANOTHER, NO_HTTP, NO_JSON, SILENT])
def test_another_server_gets_no_admin_request(answer: bytes) -> None:
    async def work(url: str) -> None:
        async with AsyncExitStack() as parts:
            given = Options(headless=True, simulated_whatsapp=url)
            assert await shop._world(given, parts) == (None, url)

    assert with_server(answer, work) == ["GET /"]


def test_demo_on_another_server_is_refused_with_the_reason() -> None:
    async def work(url: str) -> None:
        async with AsyncExitStack() as parts:
            with pytest.raises(SimulatorUnreachableError) as refused:
                await shop._world(Options(demo=True, headless=True, simulated_whatsapp=url), parts)
            assert "outro programa" in said(refused.value)

    assert with_server(ANOTHER, work) == ["GET /"]


def test_refused_admin_request_says_which_one_and_the_code() -> None:
    async def work(url: str) -> None:
        async with AsyncExitStack() as parts:
            with pytest.raises(SimulatorUnreachableError) as refused:
                await shop._world(Options(headless=True, simulated_whatsapp=url), parts)
            assert said(refused.value) == "O WhatsApp simulado recusou POST /admin/account (código 404)."

    assert with_server(OURS, work) == ["GET /", "POST /admin/account"]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (SILENT, "O WhatsApp simulado não respondeu a GET /admin/contact."),
        (NO_JSON, "O que respondeu a GET /admin/contact não foi o WhatsApp simulado."),
    ],
)
def test_failed_admin_request_is_named_without_its_fields(answer: bytes, text: str) -> None:
    async def work(url: str) -> None:
        with pytest.raises(SimulatorUnreachableError) as failed:
            await AdminClient(url).get("contact?number=%2B5573988112233")
        assert said(failed.value) == text

    with_server(answer, work)


def test_port_where_nothing_listens_is_refused() -> None:
    async def story() -> None:
        async with server(SILENT, []) as url:
            closed = url
        with pytest.raises(PortRefusedError):
            await AdminClient(closed).is_simulator()

    asyncio.run(story())
