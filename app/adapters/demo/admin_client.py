"""HTTP client of the simulator's admin interface; loopback only."""

import asyncio
import json
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from app.domain.errors import (
    AddressRefusedError,
    NotAllowedNowError,
    PortRefusedError,
    SimulatorUnreachableError,
)

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_ANSWER_WITHIN = 10
_SERVER = "simulated-whatsapp"


class AdminClient:
    """Admin client; `ws_url` is the app's own websocket address, on the same port."""

    def __init__(self, ws_url: str) -> None:
        try:
            address = urlsplit(ws_url)
            host, port = address.hostname, address.port
        except ValueError:
            raise AddressRefusedError from None
        if address.scheme != "ws" or host not in _LOOPBACK or port is None:
            raise AddressRefusedError
        self._host, self._port = host, port

    async def is_simulator(self) -> bool:
        """Return whether the server names itself our simulator; raises PortRefusedError where nothing listens.

        Any other server on this computer may be meant: it gets no admin request.
        """
        return await asyncio.to_thread(self._names_itself)

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return await asyncio.to_thread(self._ask, "GET", path, None)

    async def post(self, path: str, **body: object) -> Any:  # noqa: ANN401 - JSON
        return await asyncio.to_thread(self._ask, "POST", path, body)

    def _names_itself(self) -> bool:
        connection = self._connection()
        try:
            connection.request("GET", "/")
            return connection.getresponse().getheader("Server") == _SERVER
        except ConnectionRefusedError:
            raise PortRefusedError from None
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        return HTTPConnection(self._host, self._port, timeout=_ANSWER_WITHIN)

    def _ask(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        connection, asked = self._connection(), f"{method} /admin/{path.partition('?')[0]}"
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/admin/{path}", text, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = json.loads(answer.read())
        except ConnectionRefusedError:
            raise PortRefusedError from None
        except (OSError, HTTPException):
            raise SimulatorUnreachableError(reason="silent", request=asked) from None
        except ValueError:
            raise SimulatorUnreachableError(reason="no_json", request=asked) from None
        finally:
            connection.close()
        if answer.status == HTTPStatus.CONFLICT:
            raise NotAllowedNowError
        if answer.status != 200:
            raise SimulatorUnreachableError(reason="refused", request=asked, status=answer.status)
        return content
