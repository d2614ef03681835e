"""Model of customers' identities: the rules of K1 and K4 over the facts that the shop was told, in their order."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.identifiers import MessageId, NotificationId, OrderId
from app.domain.lid import Address, Lid, address_forms
from app.domain.notification import Notification
from app.domain.phone import Phone, customer_forms


def canonical(address: Address) -> Address:
    return address_forms(address)[0]


@dataclass(frozen=True)
class Claim:
    """Claim of an order by a writer whom WhatsApp named by the LID alone."""

    message_id: MessageId
    order_id: OrderId
    lid: Lid


@dataclass
class IdentityModel:
    """A customer is a LID where one is known, else a number."""

    lid_of: dict[Phone, Lid] = field(default_factory=dict)
    moved: set[Address] = field(default_factory=set)
    """Numbers that went to another LID, and both of these."""
    left: dict[Address, set[NotificationId]] = field(default_factory=dict)
    """Customers who opted out, with the confirmations that they may still get."""
    claims: list[Claim] = field(default_factory=list)
    overtaken: set[NotificationId] = field(default_factory=set)
    """Messages that had not left when a newer one of their customer did."""
    broken: list[str] = field(default_factory=list)

    def customer(self, address: Address) -> Address:
        plain = canonical(address)
        return self.lid_of.get(plain, plain) if isinstance(plain, Phone) else plain

    def connect(self, phone: Phone, lid: Lid, *, live: bool) -> None:
        number = customer_forms(phone)[0]
        former, confirmations = self.lid_of.get(number), self.left.get(self.customer(number))
        if former == lid or (former and not live):
            return
        if former:
            self.moved |= {number, former, lid}
        else:
            self.left.pop(number, None)
        self.lid_of[number] = lid
        if confirmations is not None:
            self.left[lid] = self.left.get(lid, set()) | confirmations

    def opt_out(self, addresses: Iterable[Address], confirmation: NotificationId) -> None:
        for customer in {self.customer(each) for each in addresses}:
            self.left.setdefault(customer, {confirmation})

    def opt_in(self, addresses: Iterable[Address]) -> None:
        for address in addresses:
            self.left.pop(self.customer(address), None)

    def hand(self, row: Notification, waiting: Iterable[Notification]) -> None:
        """Check a message that leaves now; `waiting` are the rows that have not left, in their old place."""
        customer = self.customer(row.phone)
        if customer in self.left and row.id not in self.left[customer]:
            self.broken.append("told after the opt-out")
        theirs = [each for each in waiting if self.customer(each.phone) == customer]
        if row.id in self.overtaken & {each.id for each in theirs}:
            self.broken.append("out of order")
        if row.doubted_at is None:
            self.overtaken |= {each.id for each in theirs if each.seq < row.seq}
