"""Addition and removal of the shop's further numbers, in force once the shop is opened anew."""

from collections.abc import Collection
from contextlib import suppress
from itertools import count
from typing import Final

from app.domain.errors import CocoLokoError
from app.domain.identifiers import SessionId
from app.domain.session import ConnectionState
from app.domain.setting_sources import SettingStatus
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.settings.shop_settings import ShopSettings

MORE_NUMBERS: Final = "WHATSAPP_MORE_SESSION_IDS"
MOST_NUMBERS: Final = 5


async def add_number(settings: ShopSettings, known: Collection[SessionId], name: str) -> SessionId:
    """Save a further number with its name; return its session id.

    Raises SettingRefusedError and ManagerNeededError. The name is saved first: alone it changes nothing, and the next
    number that is added replaces it.
    """
    further = further_numbers(settings)
    taken = {*known, *further}
    added = next(SessionId(each) for number in count(2) if (each := f"numero-{number}") not in taken)
    await settings.session_names.rename(added, name or None)
    await settings.change(MORE_NUMBERS, ",".join([*further, added]))
    return added


async def remove_number(settings: ShopSettings, connection: WhatsAppConnectionManager) -> None:
    """Unlink the number at WhatsApp if it can be reached, and take it out of the settings.

    Raises SettingRefusedError and ManagerNeededError. Between the two it is a number without a connection, which can be
    removed again.
    """
    status = connection.get_connection_status()
    if status.state is not ConnectionState.UNPAIRED:
        with suppress(CocoLokoError):
            await connection.logout()
    kept = [each for each in further_numbers(settings) if each != status.session_id]
    await settings.change(MORE_NUMBERS, ",".join(kept))
    await settings.session_names.rename(status.session_id, None)


def further_numbers(settings: ShopSettings) -> list[str]:
    """Return the ids of the further numbers after the next start."""
    status: SettingStatus = settings.status(MORE_NUMBERS)
    listed = status.value if status.next_value is None else status.next_value
    return [each for each in str(listed).split(",") if each]
