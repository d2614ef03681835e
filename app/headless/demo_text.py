"""Texts of the demo, from its opening line to its conclusion."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Final

from app.domain.rate_limit import RateLimitStatus
from app.domain.session import ConnectionStatus
from app.headless.demo_report import DemoReport
from app.services.text.message_catalog import MessageCatalog
from app.services.text.rate_limit_text import RateLimitText

_MOST_NAMED: Final = 20


class DemoText:
    """Demo sentences from the message catalogue, with figures in the format of its language."""

    def __init__(self, sentences: MessageCatalog) -> None:
        self._sentences = sentences

    @property
    def opening(self) -> str:
        return self._sentences.say("headless", "training")

    @property
    def progress(self) -> str:
        return self._sentences.say("headless", "progress")

    def waiting(self, count: int, status: ConnectionStatus) -> str:
        connection = self._sentences.of_status(status)
        name = "waiting" if count else "waiting_phones"
        return self._sentences.say("headless", name, count=count, connection=connection)

    def pace(self, status: RateLimitStatus) -> Iterator[str]:
        """Yield what the shop's own limits hold and have left; nothing in a training without them."""
        if not status.per_minute:
            return
        words = RateLimitText(self._sentences, lambda moment: moment.astimezone().strftime("%H:%M"))
        yield from words.limits(status, paused=False)
        for each in words.readings(status):
            yield f"{each.name}: {each.figures}, {each.word}"

    def conclusion(self, result: DemoReport, untold: Sequence[int]) -> Iterator[str]:
        """Yield the closing lines; `untold` are the numbers of the orders with a message that is on no phone."""
        decimal = self._sentences.say("headless", "decimal")
        figures = {**asdict(result), "seconds": f"{result.seconds:.1f}".replace(".", decimal)}
        yield self._sentences.say("headless", "summary" if result.good else "summary_bad", **figures)
        if result.waiting:
            yield self._sentences.say("headless", "still_waiting", count=result.waiting)
        if untold:
            named = ", ".join(f"#{number}" for number in untold[:_MOST_NAMED])
            more = " …" if len(untold) > _MOST_NAMED else ""
            yield self._sentences.say("headless", "untold_orders", orders=named + more)
        if result.unannounced:
            yield self._sentences.say("headless", "unannounced", count=result.unannounced)
