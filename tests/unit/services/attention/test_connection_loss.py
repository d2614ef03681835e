"""Connection times: the start of a state, and a loss that outlives attempts to connect."""

from datetime import timedelta

from app.domain.identifiers import SessionId
from app.domain.session import ConnectionState, ConnectionStatus
from app.services.attention.connection_loss import ConnectionTimes
from tests.contracts.asked_store import NOW

MAIN = SessionId("main")


def status(state: ConnectionState, reason: str | None = None) -> ConnectionStatus:
    return ConnectionStatus(MAIN, state, reason=reason)


def test_loss_lasts_through_attempts_with_its_last_cause() -> None:
    times = ConnectionTimes([status(ConnectionState.CONNECTED)], NOW)
    assert times.loss(MAIN) is None
    lost, later = NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)
    times.record(status(ConnectionState.DISCONNECTED, "no_internet"), lost)
    times.record(status(ConnectionState.CONNECTING), later)
    loss = times.loss(MAIN)
    assert loss
    assert (loss.since, loss.reason) == (lost, "no_internet")
    assert times.state_since(MAIN) == later
    times.record(status(ConnectionState.DISCONNECTED, "clock"), later)
    loss = times.loss(MAIN)
    assert loss
    assert (loss.since, loss.reason) == (lost, "clock")
    times.record(status(ConnectionState.CONNECTED), later)
    assert times.loss(MAIN) is None


def test_loss_counts_from_the_start_of_a_program_without_connection() -> None:
    times = ConnectionTimes([status(ConnectionState.CONNECTING)], NOW)
    loss = times.loss(MAIN)
    assert loss
    assert loss.since == NOW
