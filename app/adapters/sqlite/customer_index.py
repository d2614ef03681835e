"""Blind indexes of a customer: one for saving, several for lookups under every alias."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from app.adapters.sqlite.alias_lookup import AliasLookup
from app.domain.lid import Address, Lid, address_forms
from app.domain.phone import index_form
from app.ports.vault import Vault

_REMEMBERED: Final = 4096


class AddressIndexes:
    """Blind indexes of addresses by themselves, remembered: the same few are needed before each message."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.exact = lru_cache(_REMEMBERED)(self._exact)
        self.own = lru_cache(_REMEMBERED)(self._own)

    def saved(self, address: Address) -> bytes:
        """Return the index under which a row of a customer is saved; this rule never changes."""
        return self.exact(address if isinstance(address, Lid) else index_form(address))

    def of_username(self, username: str) -> bytes:
        return self._vault.blind_index("username", username)

    def _exact(self, address: Address) -> bytes:
        """Return the index of the address in this very spelling."""
        return self._vault.blind_index("lid" if isinstance(address, Lid) else "phone", address.text)

    def _own(self, address: Address) -> tuple[bytes, ...]:
        """Return the indexes of all spellings, that of the given one first."""
        return tuple(self.exact(form) for form in dict.fromkeys([address, *address_forms(address)]))


class CustomerIndexes:
    """Indexes of a customer under every alias."""

    def __init__(self, aliases: AliasLookup, addresses: AddressIndexes) -> None:
        self._aliases, self._addresses = aliases, addresses

    def of(self, address: Address) -> Sequence[bytes]:
        """Return the indexes of the address and of its customer's other aliases, its own first."""
        return self.of_all([address])[0]

    def of_all(self, addresses: Sequence[Address]) -> list[list[bytes]]:
        """Return the same for each of the addresses."""
        own = [self._addresses.own(address) for address in addresses]
        known = self._aliases.find(chain.from_iterable(own))
        every = self._aliases.indexes_of([*{each.identity for each in known.values()}])
        return [
            [
                *dict.fromkeys(
                    chain(
                        theirs, *(every.get(known[index].identity, ()) for index in theirs if index in known)
                    )
                )
            ]
            for theirs in own
        ]
