"""Simulated WhatsApp for kill runs: wire log, faults, phones."""

import json
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Literal
from urllib.parse import urlsplit

SHOP = "+5573988112233"
Phones = Literal["dedupe", "strict"]
_ANSWER_WITHIN = 30
_LASTING_FAULTS = ("lose_ack", "repeat_ack", "repeat_receipt")


@dataclass(frozen=True, slots=True)
class WireEntry:
    """Message that the server accepted, or acknowledgement that it sent."""

    what: str
    id: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on one phone; `shown` is how often it is on the screen."""

    number: str
    id: str
    text: str
    shown: int


@dataclass(frozen=True, slots=True)
class KeyReuse:
    """The message `again` was encrypted for a device with the key that `first` had used up."""

    first: str
    again: str


class SimulatedSide:
    """Asks and waits for the answer: on loopback that takes less than a step of any loop should.

    With `half_off` every second customer's phone and the shop's own are off until `bring_back`.
    """

    def __init__(self, ws_url: str, phones: Phones, *, half_off: bool = False) -> None:
        address = urlsplit(ws_url)
        self.ws_url, self._phones = ws_url, phones
        self._line = HTTPConnection(address.hostname or "", address.port, timeout=_ANSWER_WITHIN)
        self.entries: list[WireEntry] = []
        """Wire log up to the last look."""
        self.times: Counter[str] = Counter()
        """How often each id was on the wire, as far as was looked."""
        self._off: set[str] = set()
        self._half_off = half_off
        self._away: set[str] = set()
        """Phones that are off as long as faults are injected."""
        self._post("account", number=SHOP, name="Coco Loko", online=not half_off)

    def look(self) -> int:
        """Brings `entries` up to date; how many there are."""
        found = self._ask("GET", f"stanzas?after={len(self.entries)}", None)["entries"]
        new = [WireEntry(entry["what"], entry["id"]) for entry in found]
        self.entries += new
        self.times.update(entry.id for entry in new if entry.what == "message")
        return len(self.entries)

    def add_customers(self, numbers: list[str], hidden: frozenset[str] = frozenset()) -> None:
        """Customers that are `hidden` write and send receipts under their account id alone."""
        if self._half_off:
            self._away.update(number for place, number in enumerate(numbers) if place % 4 < 2)
        # A new Node process makes new sessions with phones by itself, with companions it does not.
        contacts = [
            {
                "number": n,
                "mode": self._phones,
                "companions": place % 2,
                "online": n not in self._away,
                "hidden": n in hidden,
                "username": f"cliente.{n[1:]}" if n in hidden and place % 3 else None,
            }
            for place, n in enumerate(numbers)
        ]
        self._post("contacts", contacts=contacts)

    def write(self, number: str, text: str) -> None:
        """This customer writes to the shop."""
        self._post("inbound", number=number, text=text)

    def scan(self, qr: str) -> None:
        """The shop has another companion besides; it gets a copy of each message, as its phone does."""
        self._post("scan", number=SHOP, qr=qr)
        self._post("account/device", number=SHOP)

    def delay(self, **milliseconds: int) -> None:
        """`ack_delay_ms`, `delivered_delay_ms`, `read_delay_ms`."""
        self._post("options", **milliseconds)

    def fault(self, kind: str, times: int = 1) -> None:
        self._post("fault", kind=kind, times=times)

    def switch_off(self, numbers: list[str]) -> None:
        """Switch these phones off; their messages, and the shop's copies, wait until they are on again."""
        self._off.update(numbers)
        self._post("account", number=SHOP, online=False)
        self._post("contacts", contacts=[{"number": number, "online": False} for number in numbers])

    def switch_all_on(self) -> None:
        """All but those that are off until `bring_back`."""
        back = sorted(self._off - self._away)
        self._post("contacts", contacts=[{"number": number, "online": True} for number in back])
        self._post("account", number=SHOP, online=not self._half_off)
        self._off.clear()

    def bring_back(self) -> None:
        """Switch every phone on; waiting messages are delivered."""
        self._off |= self._away
        self._away, self._half_off = set(), False
        self.switch_all_on()

    def calm(self) -> None:
        """Every fault is over; the phones that are off stay so."""
        for kind in _LASTING_FAULTS:
            self.fault(kind, times=0)
        self.fault("unmute")
        self.delay(ack_delay_ms=0, delivered_delay_ms=0, read_delay_ms=0)

    def key_reuses(self) -> list[KeyReuse]:
        """The server's own record of message keys that came twice; one device each."""
        found = self._ask("GET", "keys-reused", None)["reuses"]
        return [KeyReuse(one["first"], one["id"]) for one in found]

    def bubbles(self) -> tuple[list[Bubble], int]:
        """Return the bubbles of all customers' phones in order, and the server's own count of repeats."""
        told = self._ask("GET", "messages", None)
        bubbles = [
            Bubble(one["number"], one["id"], one["text"], one["shown"])
            for one in told["messages"]
            if one["number"] != SHOP
        ]
        return bubbles, int(told["wire_repeats"])

    def close(self) -> None:
        self._line.close()

    def _post(self, path: str, **body: object) -> None:
        self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: object) -> Any:
        text = None if body is None else json.dumps(body)
        try:
            status, content = self._exchange(method, path, text)
        except (ConnectionError, HTTPException):
            # The server ends lines on which nothing was said for a while.
            self._line.close()
            status, content = self._exchange(method, path, text)
        assert status in {200, 409}, f"{method} {path}: {status} {content}"
        return content

    def _exchange(self, method: str, path: str, text: str | None) -> tuple[int, Any]:
        self._line.request(method, f"/admin/{path}", text, {"Content-Type": "application/json"})
        answer = self._line.getresponse()
        return answer.status, json.loads(answer.read())
