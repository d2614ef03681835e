"""The scripted messenger, and the sidecar with the simulated WhatsApp, keep the same promises."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.contracts.asked_messenger import AskedMessenger
from tests.contracts.messenger_account_contract import AccountIds, HiddenCustomers
from tests.contracts.messenger_away_contract import WaitingTexts
from tests.contracts.messenger_contract import Connecting, Sending
from tests.contracts.messenger_doubt_contract import Doubts
from tests.contracts.messenger_hearing_contract import CustomersTexts, Numbers, Receipts, ServerTime
from tests.contracts.messenger_read_contract import ReadMarks
from tests.contracts.messenger_timer_contract import Deadlines, DisappearingChats
from tests.contracts.real_trial import RealTrial, real_trial
from tests.contracts.scripted_trial import ScriptedTrial


@pytest.fixture(scope="module")
def real() -> Iterator[RealTrial]:
    with real_trial() as trial:
        yield trial


@pytest.fixture(params=["scripted", pytest.param("real", marks=pytest.mark.slow)])
def asked(request: pytest.FixtureRequest) -> Iterator[AskedMessenger]:
    if request.param == "real":
        yield request.getfixturevalue("real")
    else:
        with asyncio.Runner() as runner:
            yield ScriptedTrial(runner)


class TestConnecting(Connecting): ...


class TestSending(Sending): ...


class TestDoubts(Doubts): ...


class TestReceipts(Receipts): ...


class TestCustomersTexts(CustomersTexts): ...


class TestNumbers(Numbers): ...


class TestServerTime(ServerTime): ...


class TestHiddenCustomers(HiddenCustomers): ...


class TestReadMarks(ReadMarks): ...


class TestAccountIds(AccountIds): ...


class TestWaitingTexts(WaitingTexts): ...


class TestDisappearingChats(DisappearingChats): ...


class TestDeadlines(Deadlines): ...
