"""Cipher: a sealed value opens untouched, with its key and in its context alone."""

from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.key_ring import new_key_ring, rotated
from app.domain.errors import WrongKeyError
from app.domain.identifiers import NotificationId
from tests.simulators.seeded_entropy import SeededEntropy

CHANCE = SeededEntropy(1)
RING = new_key_ring(CHANCE)
VAULT = KeyRingVault(RING, CHANCE)
OTHER = KeyRingVault(new_key_ring(CHANCE), CHANCE)
HEADER = 1 + 4 + 12
contexts = st.sampled_from(["orders.customer_name", "orders.items", ""])


@given(st.binary(), contexts)
def test_what_was_sealed_opens(plain: bytes, context: str) -> None:
    sealed = VAULT.seal(plain, context)
    assert VAULT.open(sealed, context) == plain
    assert len(sealed) == HEADER + len(plain) + 16


@given(st.binary(), st.text(), st.text())
def test_another_context_does_not_open_it(plain: bytes, context: str, other: str) -> None:
    if context == other:
        other += "x"
    with pytest.raises(WrongKeyError):
        VAULT.open(VAULT.seal(plain, context), other)


@given(st.binary(), st.data())
def test_one_changed_bit_anywhere_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal(plain, "a.b"))
    bit = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(WrongKeyError):
        VAULT.open(bytes(sealed), "a.b")


@given(st.binary(min_size=1), st.data())
def test_a_shortened_text_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = VAULT.seal(plain, "a.b")
    with pytest.raises(WrongKeyError):
        VAULT.open(sealed[: data.draw(st.integers(0, len(sealed) - 1))], "a.b")


def former(plain: bytes, context: str) -> bytes:
    """As version 1 sealed it."""
    header, nonce = b"\x01" + RING.newest.key_id.to_bytes(4, "big"), bytes(12)
    return header + nonce + AESGCM(RING.newest.key).encrypt(nonce, plain, header + context.encode())


@pytest.mark.requirement("X3")
def test_open_takes_version_1_only_with_the_context_it_was_bound_to() -> None:
    old = former(b"Ana", "a.b")
    assert VAULT.open(old, "a.b\0row", "a.b") == b"Ana"
    for context in (None, "a.c", "a.b\0row"):
        with pytest.raises(WrongKeyError):
            VAULT.open(old, "a.b\0row", context)
    with pytest.raises(WrongKeyError):
        VAULT.open(old, "a.b")


def test_what_was_sealed_by_version_1_or_a_former_key_is_not_current() -> None:
    turned = KeyRingVault(rotated(RING, CHANCE), CHANCE)
    sealed = VAULT.seal(b"Ana", "a.b")
    assert VAULT.is_current(sealed)
    assert not VAULT.is_current(former(b"Ana", "a.b"))
    assert not turned.is_current(sealed)
    assert turned.sealing != VAULT.sealing == KeyRingVault(RING, CHANCE).sealing


def test_another_ring_does_not_open_it() -> None:
    with pytest.raises(WrongKeyError):
        OTHER.open(VAULT.seal(b"Ana", "a.b"), "a.b")


def test_another_key_under_the_same_id_does_not_open_it() -> None:
    same_id = KeyRingVault(replace(RING, data=dict.fromkeys(RING.data, bytes(32))), CHANCE)
    with pytest.raises(WrongKeyError):
        same_id.open(VAULT.seal(b"Ana", "a.b"), "a.b")


def test_the_error_tells_the_column_and_nothing_of_what_follows_it() -> None:
    with pytest.raises(WrongKeyError) as raised:
        VAULT.open(b"", "whatsapp_session_keys.value\0main\0session\0" + "5573999998537.0")
    assert raised.value.facts == {"column": "whatsapp_session_keys.value"}


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({VAULT.seal(b"Ana", "a.b") for _ in range(50)}) == 50


def test_after_a_rotation_old_texts_open_and_new_ones_carry_the_new_key() -> None:
    turned = rotated(RING, CHANCE)
    vault = KeyRingVault(turned, CHANCE)
    assert vault.open(VAULT.seal(b"Ana", "a.b"), "a.b") == b"Ana"
    sealed = vault.seal(b"Bia", "a.b")
    assert int.from_bytes(sealed[1:5], "big") == turned.newest.key_id != RING.newest.key_id
    with pytest.raises(WrongKeyError):
        VAULT.open(sealed, "a.b")


@given(st.text(), st.text())
def test_a_blind_index_finds_equal_values_alone(value: str, other: str) -> None:
    index = VAULT.blind_index("phone", value)
    assert len(index) == 16
    assert (index == VAULT.blind_index("phone", other)) == (value == other)
    assert index != VAULT.blind_index("last_digits", value)
    assert index != OTHER.blind_index("phone", value)


def test_a_rotation_changes_no_blind_index_and_no_message_id() -> None:
    turned = KeyRingVault(rotated(RING, CHANCE), CHANCE)
    assert turned.blind_index("phone", "+5573999998537") == VAULT.blind_index("phone", "+5573999998537")
    assert turned.message_id(NotificationId(UUID(int=7))) == VAULT.message_id(NotificationId(UUID(int=7)))


@given(st.uuids(), st.uuids())
def test_a_message_id_has_the_form_of_whatsapp_and_is_always_the_same(one: UUID, other: UUID) -> None:
    made = VAULT.message_id(NotificationId(one))
    assert made.startswith("3EB0")
    assert len(made) == 22
    assert set(made) <= set("0123456789ABCDEF")
    assert made == VAULT.message_id(NotificationId(one))
    assert (made == VAULT.message_id(NotificationId(other))) == (one == other)


def test_nothing_secret_shows_in_a_repr() -> None:
    shown = repr(RING) + repr(VAULT)
    for key in (*RING.data.values(), RING.index.key):
        assert repr(key) not in shown
        assert key.hex() not in shown
