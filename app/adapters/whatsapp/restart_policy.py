"""Restart policy with backoff for a sidecar that died (S5)."""

from datetime import timedelta

QUICK_DEATHS = 4
WITHIN = timedelta(minutes=1)
SLOW_PAUSE = timedelta(seconds=60)
AT_ONCE = timedelta(0)


class RestartPolicy:
    """Counter of the deaths of one session's children; moments are on the steady clock."""

    def __init__(self) -> None:
        self._deaths: list[timedelta] = []
        self.given_up = False
        """True while quick restarts are suspended, until a child has been open again."""

    def pause_after_death(self, at: timedelta, *, had_been_open: bool) -> timedelta:
        """Return the backoff before the next start."""
        if had_been_open:
            self._deaths.clear()
            self.given_up = False
            return AT_ONCE
        self._deaths = [death for death in self._deaths if at - death < WITHIN]
        self._deaths.append(at)
        if len(self._deaths) >= QUICK_DEATHS:
            self.given_up = True
        return SLOW_PAUSE if self.given_up else AT_ONCE
