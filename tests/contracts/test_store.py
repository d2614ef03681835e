"""The stores on disk and in memory keep the same promises."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.aging_contract import Aging, Doubting
from tests.contracts.alias_contract import Aliases, ErasedIdentities
from tests.contracts.asked_store import Asked
from tests.contracts.audit_contract import AuditEntries
from tests.contracts.chat_timer_contract import ChatTimers
from tests.contracts.clock_contract import DatedRows, Stamps
from tests.contracts.connection_contract import Connections
from tests.contracts.consent_contract import Consents, Numbered
from tests.contracts.growing_contract import Growing
from tests.contracts.history_contract import Histories
from tests.contracts.identity_contract import Identities, Usernames
from tests.contracts.number_contract import Spellings, spellings  # noqa: F401 - a fixture
from tests.contracts.opt_out_contract import OptOuts, Retention
from tests.contracts.order_contract import WholeOrders
from tests.contracts.pace_contract import Contacts, Eligible
from tests.contracts.queue_contract import Figures, Leasing, Queueing
from tests.contracts.reply_contract import Replies
from tests.contracts.store_contract import Keeping, Sessions, UnitsOfWork
from tests.contracts.suspect_contract import Suspects
from tests.contracts.untold_contract import Untold
from tests.harness.opened_store import open_training_store
from tests.simulators.memory_store import MemoryStore


@pytest.fixture(params=["sqlite", "memory"])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Asked]:
    store = MemoryStore() if request.param == "memory" else open_training_store(tmp_path)
    yield Asked(store)
    asyncio.run(store.close())


class TestUnitsOfWork(UnitsOfWork): ...


class TestQueueing(Queueing): ...


class TestUntold(Untold): ...


class TestLeasing(Leasing): ...


class TestEligible(Eligible): ...


class TestContacts(Contacts): ...


class TestAging(Aging): ...


class TestDoubting(Doubting): ...


class TestFigures(Figures): ...


class TestKeeping(Keeping): ...


class TestSuspects(Suspects): ...


class TestWholeOrders(WholeOrders): ...


class TestSessions(Sessions): ...


class TestOptOuts(OptOuts): ...


class TestSpellings(Spellings): ...


class TestRetention(Retention): ...


class TestReplies(Replies): ...


class TestConsents(Consents): ...


class TestNumbered(Numbered): ...


class TestDatedRows(DatedRows): ...


class TestStamps(Stamps): ...


class TestGrowing(Growing): ...


class TestIdentities(Identities): ...


class TestConnections(Connections): ...


class TestChatTimers(ChatTimers): ...


class TestUsernames(Usernames): ...


class TestAliases(Aliases): ...


class TestErasedIdentities(ErasedIdentities): ...


class TestHistories(Histories): ...


class TestAuditEntries(AuditEntries): ...
