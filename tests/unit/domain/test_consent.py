"""Basis of a customer's consent, from the order's consents and the contact history."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.consent import Consent, ConsentBasis, ConsentWay, consent_basis
from app.domain.contact import Contact
from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.phone import Phone

NOW = datetime(2026, 1, 10, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
MAIN = SessionId("main")
ASKED = Consent(
    MessageId("3A1"), MAIN, Phone("+5573999548537"), ConsentWay.SCANNED, "Quero", NOW, OrderId("o1")
)


@pytest.mark.requirement("X1")
@pytest.mark.parametrize(
    ("consents", "contact", "basis"),
    [
        ([ASKED], None, ConsentBasis.ASKED),
        ([ASKED], Contact(MAIN, NOW, LATER), ConsentBasis.ASKED),
        ([], Contact(MAIN, NOW, LATER), ConsentBasis.WROTE_FIRST),
        ([], Contact(MAIN, NOW), ConsentBasis.WROTE_FIRST),
        ([], Contact(MAIN, LATER, NOW), ConsentBasis.UNKNOWN),
        ([], Contact(MAIN, None, NOW), ConsentBasis.UNKNOWN),
        ([], None, ConsentBasis.UNKNOWN),
    ],
)
def test_consent_basis_is_the_strongest_that_the_records_tell(
    consents: list[Consent], contact: Contact | None, basis: ConsentBasis
) -> None:
    assert consent_basis(consents, contact) is basis
