"""Steps of a story of identities: orders, messages, mappings, numbers that move on, a clock, a crash."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.identifiers import MessageId
from app.domain.phone import customer_forms
from app.ports.inbound import Inbound
from app.ports.messenger import SeenAccount
from tests.harness.identity_story import NUMBERS, Story, jid_of
from tests.harness.shop import MAIN


@dataclass(frozen=True)
class Seen:
    """An order arrives or changes; `owner` is the index of its number, None without a phone."""

    number: int
    owner: int | None
    long: bool
    status: str

    async def __call__(self, story: Story) -> None:
        phone = "" if self.owner is None else customer_forms(NUMBERS[self.owner])[self.long].number
        order = story.shop.order(self.number, phone=phone, status=self.status)
        story.statuses.setdefault(self.number, []).append(self.status)
        if not phone:
            story.phoneless.add(self.number)
        story.start(story.shop.core.watcher.store_and_notify(order))


@dataclass(frozen=True)
class Say:
    """A person writes; WhatsApp names the number, the LID or both."""

    who: int
    named_by: str
    text: str
    long: bool

    async def __call__(self, story: Story) -> None:
        person = story.speaker(self.who)
        number, lid = person.number, person.lid
        if number is None or self.named_by == "lid":
            phone, jid = None, lid.text
        else:
            phone, jid = customer_forms(number)[self.long], jid_of(number)
        story.said += 1
        named, at = MessageId(f"3A{story.said}"), story.clock.true_now() + timedelta(milliseconds=story.said)
        told = None if phone and self.named_by == "number" else lid
        story.arrive(Inbound(MAIN, named, phone, "text", self.text, at, True, told, jid))


@dataclass(frozen=True)
class Tell:
    """WhatsApp names a number's LID unasked: the present one, or any of its history."""

    which: int
    live: bool

    async def __call__(self, story: Story) -> None:
        number, lid = story.formerly[self.which % len(story.formerly)]
        if self.live:
            lid = story.owner(number).lid
        story.arrive(SeenAccount(number, lid, live=self.live))


@dataclass(frozen=True)
class Silence:
    """WhatsApp tells the number's LID from now on when it is asked, or does not."""

    which: int
    silent: bool

    async def __call__(self, story: Story) -> None:
        (story.silent.add if self.silent else story.silent.discard)(NUMBERS[self.which])


@dataclass(frozen=True)
class Register:
    """Another person registers the number (K4)."""

    which: int

    async def __call__(self, story: Story) -> None:
        number = NUMBERS[self.which]
        story.owner(number).number = None
        story.add_person(number)


@dataclass(frozen=True)
class ChangeNumber:
    """A person takes another number along with the account; a new person gets the old one."""

    which: int
    to: int

    async def __call__(self, story: Story) -> None:
        if self.which != self.to:
            person, number, new = story.owner(NUMBERS[self.which]), NUMBERS[self.which], NUMBERS[self.to]
            story.owner(new).number = None
            person.number = new
            story.formerly.append((new, person.lid))
            story.add_person(number)


@dataclass(frozen=True)
class Give:
    """A person at the counter gives the order to one who wrote about it."""

    number: int
    which: int

    async def __call__(self, story: Story) -> None:
        order = story.shop.order(self.number).id
        replies = [each for each in story.store._tables.replies.values() if each.order_id == order]
        if replies:
            story.given.add(self.number)
            chosen = replies[self.which % len(replies)]
            story.start(story.shop.core.claims.use_number(order, chosen.message_id))


@dataclass(frozen=True)
class SetClock:
    """The PC's clock is wrong by these minutes from now on."""

    minutes: int

    async def __call__(self, story: Story) -> None:
        story.clock.set_wall(story.clock.true_now() + timedelta(minutes=self.minutes))


@dataclass(frozen=True)
class Crash:
    async def __call__(self, story: Story) -> None:
        await story.crash()
