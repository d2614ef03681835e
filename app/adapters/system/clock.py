"""The computer's clocks."""
import asyncio, time
from datetime import UTC, datetime, timedelta
class SystemClock:
    def now(self): return datetime.now(UTC)
    def steady(self): return timedelta(seconds=time.monotonic())
    async def sleep(self, length):
        due = self.steady()+length
        while (left := due - self.steady()) > timedelta(0):
            await asyncio.sleep(left.total_seconds())
    async def wait(self, happening, at_most):
        try:
            await asyncio.wait_for(happening.wait(), None if at_most is None else at_most.total_seconds())
            return True
        except TimeoutError:
            return happening.is_set()
