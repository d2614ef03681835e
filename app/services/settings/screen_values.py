"""Values chosen on screen, in one row of the database."""

from typing import Final

from app.domain.setting_spec import SettingValue
from app.domain.settings import SETTINGS
from app.ports.store import Rows
from app.services.storage.stored_settings import read_fields, replace_field

SCREEN_VALUES: Final = "shop_settings"
_READERS: Final = {name: spec.parse for name, spec in SETTINGS.items() if spec.on_screen}


def load_screen_values(rows: Rows) -> dict[str, SettingValue]:
    """Return the readable values; an unreadable one is logged and left out."""
    return read_fields(SCREEN_VALUES, rows.settings.get(SCREEN_VALUES), _READERS)


def save_screen_value(rows: Rows, name: str, value: SettingValue | None) -> dict[str, SettingValue]:
    """Save one value, or remove it for None; return all values."""
    kept = rows.settings.get(SCREEN_VALUES)
    rows.settings.set(SCREEN_VALUES, replace_field(kept, name, value))
    return load_screen_values(rows)


def clear_screen_values(rows: Rows) -> None:
    rows.settings.set(SCREEN_VALUES, "")
