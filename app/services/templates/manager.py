"""Message templates in force, cached, and their rendering for an order."""

import logging
from collections.abc import Callable
from dataclasses import replace

from app.domain.access import ProtectedAct
from app.domain.errors import RefusalError, TemplateInactiveError
from app.domain.order import NotificationType, Order
from app.domain.template import MessageTemplate, check, render
from app.ports.store import Rows, Store
from app.services.access.gate import AccessGate
from app.services.templates.pickup_offer import PickupOffer
from app.services.templates.values import ShopProfile, values_of

_log = logging.getLogger(__name__)


class MessageTemplateManager:
    """`defaults` are the shipped templates; the database holds the shop's versions of them."""

    def __init__(
        self,
        store: Store,
        defaults: tuple[MessageTemplate, ...],
        shop: Callable[[], ShopProfile],
        offer: PickupOffer,
        gate: AccessGate,
    ) -> None:
        self._store, self._shop, self._gate = store, shop, gate
        self.pickup_offer = offer
        self._defaults = {template.type: template for template in defaults}
        self._in_force = dict(self._defaults)

    async def load(self) -> None:
        """Fill the cache from the database, add missing shipped templates to it (T1), restore the offer."""
        await self.pickup_offer.restore()

        def work(rows: Rows) -> dict[NotificationType, MessageTemplate]:
            kept = {template.type: template for template in rows.templates.all()}
            for missing in self._defaults.keys() - kept.keys():
                kept[missing] = self._defaults[missing]
                rows.templates.save(kept[missing])
            return kept

        kept = await self._store.transact(work)
        self._in_force = {kind: self._sound(template) for kind, template in kept.items()}

    def _sound(self, kept: MessageTemplate) -> MessageTemplate:
        """Return the shipped template for a damaged one, which would leave its orders unannounced."""
        try:
            check(kept)
        except RefusalError as error:
            _log.error("template_damaged", extra={"template": kept.type, "code": error.code})
            shipped = self._defaults.get(kept.type)
            return replace(shipped, is_active=kept.is_active) if shipped else kept
        return kept

    def get_template(self, notification_type: NotificationType) -> MessageTemplate:
        """Return the template in force; raises TemplateInactiveError without one."""
        template = self.stored_template(notification_type)
        if not template.is_active:
            raise TemplateInactiveError(type=notification_type)
        return template

    def stored_template(self, notification_type: NotificationType) -> MessageTemplate:
        """Return the template, active or not; raises TemplateInactiveError for a type without one."""
        template = self._in_force.get(notification_type)
        if template is None:
            raise TemplateInactiveError(type=notification_type)
        return template

    def render_template(self, template: MessageTemplate, order: Order) -> str:
        """Render the wording for the order, and add the pickup offer below it (K9)."""
        return self.pickup_offer.added_to(render(template, values_of(order, self._shop())), template.type)

    async def update_template(self, template: MessageTemplate) -> None:
        """Put a template in force; one that `check` refuses is never saved (T2).

        Raises ManagerNeededError and the errors of `check`.
        """
        check(template)
        await self._gate.authorize(ProtectedAct.EDIT_TEMPLATE)
        await self._store.transact(lambda rows: rows.templates.save(template))
        self._in_force[template.type] = template
