"""JSON-RPC 2.0 peer, in both directions over one pair of streams."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.adapters.whatsapp import line_codec
from app.adapters.whatsapp import wire_vocabulary as words
from app.adapters.whatsapp.ordered_queues import Work
from app.adapters.whatsapp.wire_messages import WireMessage
from app.adapters.whatsapp.wire_notices import Notice
from app.domain.errors import CocoLokoError, SidecarGoneError
from app.ports.clock import Clock

P = TypeVar("P", bound=WireMessage)
R = TypeVar("R")

Answer = Callable[[Any], Awaitable[WireMessage]]


class NoAnswerError(SidecarGoneError):
    """Timeout of a request; the peer may still be working on it."""


class BadAnswerError(SidecarGoneError):
    """Answer that is not of the agreed shape."""


class RefusedError(SidecarGoneError):
    """Error answer of the peer; `rpc_code` is one of protocol.md's."""

    def __init__(self, rpc_code: int) -> None:
        super().__init__(rpc_code=rpc_code)
        self.rpc_code = rpc_code


class Receiver(Protocol):
    """Receiver of the peer's requests and notices; both calls only queue and return at once."""

    @property
    def answers(self) -> Mapping[str, Answer]: ...

    def request(self, method: str, work: Work) -> None: ...

    def told(self, notice: Notice) -> None: ...


@dataclass
class _Pending:
    over: asyncio.Event = field(default_factory=asyncio.Event)
    reply: line_codec.Message | None = None


class RpcPeer:
    """JSON-RPC peer; `serve` must run for answers to arrive, and once it ended the peer is gone for good."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        receiver: Receiver,
        clock: Clock,
        log: logging.Logger,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._receiver = receiver
        self._clock = clock
        self._log = log
        self._numbers = count(1)
        self._pending: dict[int, _Pending] = {}
        self._late: dict[int, Callable[[line_codec.Message], None]] = {}
        """Callbacks for answers that arrive after their timeout."""
        self._unsent: list[bytes] = []
        self._methods = {method.name: method for method in words.SIDECAR_ASKS}
        self.gone = False

    async def ask(
        self,
        method: words.Method[P, R],
        params: P,
        at_most: timedelta,
        late: Callable[[R], None] | None = None,
    ) -> R:
        """Return the peer's answer; when this raises with `gone` False beforehand, the request was written.

        `late` is called with an answer that arrives after the timeout.
        """
        number = next(self._numbers)
        question = {"jsonrpc": "2.0", "id": number, "method": method.name, "params": params.model_dump()}
        if self.gone:
            raise SidecarGoneError
        pending = self._pending[number] = _Pending()
        try:
            self._write(question)
            if not await self._clock.wait(pending.over, at_most):
                raise NoAnswerError
        finally:
            del self._pending[number]
            if late and not pending.over.is_set():
                self._late[number] = lambda reply: late(_result(reply, method.result))
        return _result(pending.reply, method.result)

    async def serve(self) -> None:
        """Process the peer's messages until its stream ends or breaks."""
        try:
            while (line := await line_codec.read_line(self._reader)) is not None:
                self._take(line)
        except line_codec.LineTooLongError as error:
            self._log.error("the sidecar wrote an overlong line (%s bytes or more)", error.facts["length"])
        except ConnectionError:
            self._log.warning("the sidecar's stream broke")
        finally:
            self._end()

    def _end(self) -> None:
        self.gone = True
        for pending in self._pending.values():
            pending.over.set()

    def _take(self, line: bytes) -> None:
        try:
            message = line_codec.decode(line)
        except line_codec.NotAMessageError:
            self._log.warning("the sidecar wrote a line that is no message (%d bytes)", len(line))
            return
        method, number = message.get("method"), message.get("id")
        if isinstance(method, str) and isinstance(number, int):
            self._take_request(method, number, message.get("params"))
        elif isinstance(method, str):
            self._take_notice(method, message.get("params"))
        elif isinstance(number, int) and number in self._pending:
            self._pending[number].reply = message
            self._pending[number].over.set()
        elif isinstance(number, int) and number in self._late:
            self._take_late(self._late.pop(number), message)
        else:
            self._log.info("the sidecar answered what nobody waits for any more")

    def _take_late(self, late: Callable[[line_codec.Message], None], reply: line_codec.Message) -> None:
        try:
            late(reply)
        except SidecarGoneError as error:
            self._log.info("the sidecar answered late, and nothing of use: %s", type(error).__name__)

    def _take_notice(self, name: str, params: object) -> None:
        shape = words.SIDECAR_TELLS.get(name)
        try:
            notice = shape.model_validate(params) if shape else None
        except ValidationError as error:
            self._log.warning("the sidecar told %s in a wrong shape (%d faults)", name, error.error_count())
            return
        if notice:
            self._receiver.told(notice)
        else:
            self._log.warning("the sidecar told something unknown")

    def _take_request(self, name: str, number: int, params: object) -> None:
        method, answer = self._methods.get(name), self._receiver.answers.get(name)
        if not method or not answer:
            self._refuse(number, words.UNKNOWN_METHOD)
            return
        try:
            checked = method.params.model_validate(params)
        except ValidationError as error:
            self._log.warning("the sidecar asked %s in a wrong shape (%d faults)", name, error.error_count())
            self._refuse(number, words.INVALID_PARAMS)
            return
        self._receiver.request(name, lambda: self._answer(number, answer(checked)))

    async def _answer(self, number: int, answer: Awaitable[WireMessage]) -> None:
        answered = False
        try:
            result = await answer
            self._write({"jsonrpc": "2.0", "id": number, "result": result.model_dump()})
            answered = True
        except CocoLokoError as error:
            self._log.error("a question of the sidecar could not be answered: %s", error.code)
        finally:
            if not answered:
                self._refuse(number, words.FAILED_INSIDE)

    def _refuse(self, number: int, code: int) -> None:
        self._write({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": "refused"}})

    def _write(self, message: Mapping[str, object]) -> None:
        """Queue a message; all that become ready together, as after a group commit, are written together."""
        line = line_codec.encode(message)
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._flush)
        self._unsent.append(line)

    def _flush(self) -> None:
        lines, self._unsent = self._unsent, []
        if lines and not self.gone:
            self._writer.write(b"".join(lines))


def _result(reply: line_codec.Message | None, shape: TypeAdapter[R]) -> R:
    if reply is None:
        raise SidecarGoneError
    if "error" in reply:
        error = reply["error"]
        code = error.get("code") if isinstance(error, dict) else None
        raise RefusedError(code if isinstance(code, int) else words.FAILED_INSIDE)
    try:
        return shape.validate_python(reply.get("result"))
    except ValidationError:
        raise BadAnswerError from None
