"""Reset of a forgotten PIN: empties what the PIN protected, never the queue (X5)."""

from collections.abc import Sequence

from app.domain.audit import Actor, AuditResult
from app.domain.template import MessageTemplate
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.access.audit_log import AuditLog
from app.services.access.pin import clear_pin
from app.services.settings.screen_values import clear_screen_values
from app.services.settings.session_names import clear_session_names
from app.services.templates.pickup_offer import save_offer

_ACT = "reset_pin"


async def reset_pin(store: Store, audit: AuditLog, clock: Clock, shipped: Sequence[MessageTemplate]) -> None:
    """Remove the PIN, unlink the numbers, and put the shipped texts and settings in force, in one transaction.

    Numbers that the settings do not name are unlinked too: the person at the counter chooses the environment.
    Opt-outs, consents, orders and queued messages stay. The phones still list this PC until they remove it.
    """
    at = clock.now()

    def work(rows: Rows) -> None:
        clear_pin(rows)
        rows.sessions.wipe_all()
        for template in shipped:
            rows.templates.save(template)
        save_offer(rows, on=False)
        clear_screen_values(rows)
        clear_session_names(rows)
        audit.append(rows, _ACT, Actor.ANYONE, AuditResult.ALLOWED, at)

    await store.transact(work)
