"""Table of who may do what: each act of the services and each command, checked against the gate."""

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any, get_args
from uuid import UUID

import pytest

from app import paths
from app.domain.access import ProtectedAct
from app.domain.errors import ManagerNeededError
from app.domain.identifiers import SessionId
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.headless.command_executor import CommandExecutor
from app.headless.commands import CounterCommand, read_command
from app.headless.manager_commands import ManagerCommand
from app.headless.order_commands import OrderCommand
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog
from tests.harness.shop import Shop, in_shop

pytestmark = pytest.mark.requirement("X5")

PIN = "2468"
SENTENCES = MessageCatalog(paths.sentences("pt-BR").read_text("utf-8"))
_OF_NO_ACT = frozenset({"bus", "clock", "background", "access", "setup"})

PROTECTED: dict[str, tuple[ProtectedAct, Callable[[Core], Awaitable[Any]]]] = {
    "connection.pair": (ProtectedAct.PAIR, lambda core: core.connection.pair()),
    "connection.pair_by_code": (
        ProtectedAct.PAIR,
        lambda core: core.connection.pair_by_code(Phone("+5573988112233")),
    ),
    "connection.logout": (ProtectedAct.UNLINK, lambda core: core.connection.logout()),
    "opt_outs.undo": (
        ProtectedAct.LIFT_OPT_OUT,
        lambda core: core.opt_outs.undo("+5573988112233", "pediu"),
    ),
    "opt_outs.undo_for_customer": (
        ProtectedAct.LIFT_OPT_OUT,
        lambda core: core.opt_outs.undo_for_customer(Phone("+5573988112233"), "pediu"),
    ),
    "opt_outs.undo_for_order": (
        ProtectedAct.LIFT_OPT_OUT,
        lambda core: core.opt_outs.undo_for_order("x", "pediu"),  # type: ignore[arg-type]
    ),
    "templates.update_template": (
        ProtectedAct.EDIT_TEMPLATE,
        lambda core: core.templates.update_template(core.templates.get_template(NotificationType.READY)),
    ),
    "pickup_offer.switch": (
        ProtectedAct.CHANGE_SETTING,
        lambda core: core.templates.pickup_offer.switch(on=True),
    ),
    "settings.change": (
        ProtectedAct.CHANGE_SETTING,
        lambda core: core.settings.change("UNDO_SECONDS", 9),
    ),
    "settings.reset": (ProtectedAct.CHANGE_SETTING, lambda core: core.settings.reset("UNDO_SECONDS")),
    "session_names.rename": (
        ProtectedAct.CHANGE_SETTING,
        lambda core: core.settings.session_names.rename(SessionId("main"), "Balcão"),
    ),
    "gate.set_pin": (ProtectedAct.SET_PIN, lambda core: core.access.gate.set_pin("1357")),
    "gate.remove_pin": (ProtectedAct.REMOVE_PIN, lambda core: core.access.gate.remove_pin()),
    "recovery.draft_phrase": (ProtectedAct.MAKE_PHRASE, lambda core: core.access.recovery.draft_phrase()),
    "recovery.rotate_keys": (ProtectedAct.ROTATE_KEYS, lambda core: core.access.recovery.rotate_keys()),
}
FREE = frozenset(
    {
        # The way in, and the way out of a forgotten PIN.
        "gate.authorize",
        "gate.record",
        "gate.unlock",
        "recovery.reset_pin",
        "reset_code.request",
        "reset_code.reset_pin",
        # Needs a draft, which the manager alone gets.
        "recovery.keep_phrase",
        # The command asks the gate: a screen of the log does so too.
        "audit.latest",
        "audit.record",
        "audit.verify",
        "board.page_of",
        "board.rows",
        "claims.handle",
        "claims.use_number",
        "connection.disconnect",
        "connection.initialize",
        "connection.link_changed",
        "connection.pairing_refused",
        "connection.reconnect",
        "connection.record_pulse",
        "connection.recycle",
        "connection.renew",
        "connection.restore_session",
        "connection.save_session",
        # Steps of the first run: those that are protected ask the gate in their own services.
        "first_message.latest",
        "first_message.send",
        "first_run.finish",
        "first_run.load",
        "first_run.skip",
        "inbox.answer",
        "inbox.exchange",
        "inbox.mark_read",
        "inbox.record",
        "opt_outs.handle",
        "pickup_offer.restore",
        "session_names.load",
        "sessions.initialize",
        "templates.load",
    }
)
FREE_SERVICES = frozenset(
    {"invitations", "messages", "orders", "queue", "rate_limiters", "telling", "watcher", "board"}
)
"""Services of the counter alone: orders, messages, queue, paper."""

PROTECTED_COMMANDS = frozenset(
    {
        "template",
        "pickup_replies",
        "opt_out_undo",
        "pair",
        "pair_by_code",
        "logout",
        "set_pin",
        "remove_pin",
        "audit_log",
        "audit_verify",
        "rotate_keys",
        "set_setting",
        "name_session",
    }
)
FREE_COMMANDS = frozenset(
    {
        *("order", "advance", "notify", "resend", "custom", "reply", "retry", "cancel", "undo"),
        *("arrived", "repeat", "retry_failed", "replies", "replies_read", "use_number"),
        *("send_again", "hand_over", "already_told", "correct_phone", "step_back"),
        *("link", "poster", "receipt", "check_number", "reconnect", "pause", "resume"),
        *("stats", "status", "settings", "quit"),
        *("reset_pin", "request_pin_code", "reset_pin_by_code"),
    }
)


def _services(core: Core) -> dict[str, object]:
    named = {name: getattr(core, name) for name in Core.__dataclass_fields__ if name not in _OF_NO_ACT}
    access, setup = core.access, core.setup
    return {
        **named,
        "pickup_offer": core.templates.pickup_offer,
        "session_names": core.settings.session_names,
        "gate": access.gate,
        "audit": access.audit,
        "recovery": access.recovery,
        "reset_code": access.reset_code,
        "first_run": setup.first_run,
        "first_message": setup.first_message,
    }


def _acts(core: Core) -> set[str]:
    """Return the coroutine methods of every service that front ends are given."""
    return {
        f"{name}.{method}"
        for name, service in _services(core).items()
        for method, _ in inspect.getmembers(type(service), inspect.iscoroutinefunction)
        if not method.startswith("_")
    }


def _commands() -> set[str]:
    models = [each for part in (CounterCommand, OrderCommand, ManagerCommand) for each in get_args(part)]
    return {word for model in models for word in get_args(model.model_fields["command"].annotation)}


def test_every_act_is_either_protected_or_free() -> None:
    async def story(shop: Shop) -> None:
        counted = {act for act in _acts(shop.core) if act.partition(".")[0] not in FREE_SERVICES}
        listed = {act for act in FREE if act.partition(".")[0] not in FREE_SERVICES}
        assert counted == PROTECTED.keys() | listed

    in_shop(story)


@pytest.mark.parametrize("act", PROTECTED)
def test_protected_act_is_refused_to_the_cashier_and_recorded(act: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.access.gate.set_pin(PIN)
        protected, call = PROTECTED[act]
        with pytest.raises(ManagerNeededError):
            await call(shop.core)
        (latest,) = await shop.core.access.audit.latest(1)
        assert (latest.event.act, latest.event.result) == (protected, "refused")

    in_shop(story, paired=False)


def test_every_command_is_either_protected_or_free() -> None:
    assert _commands() == PROTECTED_COMMANDS | FREE_COMMANDS
    assert not PROTECTED_COMMANDS & FREE_COMMANDS


_FIELDS: dict[str, dict[str, object]] = {
    "template": {"type": "ready", "active": False},
    "pickup_replies": {"on": True},
    "opt_out_undo": {"phone": "+5573988112233", "reason": "pediu"},
    "pair_by_code": {"phone": "+5573988112233"},
    "set_pin": {"new_pin": "1357"},
    "set_setting": {"name": "UNDO_SECONDS", "value": 9},
    "name_session": {"session": "main", "name": "Balcão"},
    "order": {"order_id": str(UUID(int=1)), "number": 1, "name": "Ana"},
    "custom": {"phone": "+5573988112233", "text": "Oi"},
}


@pytest.mark.parametrize("command", sorted(PROTECTED_COMMANDS))
def test_protected_command_needs_the_pin(command: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.access.gate.set_pin(PIN)
        executor = CommandExecutor(shop.core, SENTENCES)
        fields = {"command": command, **_FIELDS.get(command, {})}
        without = await executor.execute(read_command(json.dumps(fields)))
        assert (without["ok"], without["error"]) == (False, "manager_needed")
        given_pin = read_command(json.dumps({**fields, "pin": PIN}))
        executing = asyncio.get_running_loop().create_task(executor.execute(given_pin))
        # A pairing by code waits for WhatsApp's offer.
        await shop.pass_time(minutes=1)
        given = await executing
        assert given.get("error") != "manager_needed"

    in_shop(story, paired=False)


@pytest.mark.parametrize("command", ["order", "custom", "reconnect", "pause", "retry_failed", "stats"])
def test_command_of_the_counter_needs_no_pin(command: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.access.gate.set_pin(PIN)
        fields = {"command": command, **_FIELDS.get(command, {})}
        said = await CommandExecutor(shop.core, SENTENCES).execute(read_command(json.dumps(fields)))
        assert said["ok"]

    in_shop(story)
