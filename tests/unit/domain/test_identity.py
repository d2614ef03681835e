"""Identity: meaning of a mapping between a number and a LID."""

from uuid import UUID

import pytest

from app.domain.identifiers import IdentityId
from app.domain.identity import Connection, connection_of

pytestmark = pytest.mark.requirement("K1", "K4")

ONE, OTHER = IdentityId(UUID(int=1)), IdentityId(UUID(int=2))


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("number_has_lid", [True, False])
def test_connection_of_one_identity_is_known(*, number_has_lid: bool, live: bool) -> None:
    assert connection_of(ONE, ONE, number_has_lid=number_has_lid, live=live) is Connection.KNOWN


@pytest.mark.parametrize("live", [True, False])
def test_connection_of_a_number_without_lid_joins_both(*, live: bool) -> None:
    assert connection_of(ONE, OTHER, number_has_lid=False, live=live) is Connection.JOINED


@pytest.mark.parametrize(("live", "mapping"), [(True, Connection.MOVED), (False, Connection.CONTRADICTED)])
def test_connection_of_a_number_with_another_lid_never_joins(mapping: Connection, *, live: bool) -> None:
    assert connection_of(ONE, OTHER, number_has_lid=True, live=live) is mapping
