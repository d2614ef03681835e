"""Settings of a shop, from the environment or `config.toml` in the data folder; wrong ones are refused (D4)."""

import re
import tomllib
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from app.domain.errors import BadSettingError
from app.domain.text_decoding import decode_text
from app.domain.visible_text import is_blank

CONFIG_FILE: Final = "config.toml"
_NEAR: Final = 0.75
_YES_OR_NO: Final = frozenset(
    {"WHATSAPP_TAKE_OVER", "WHATSAPP_READ_RECEIPTS", "WHATSAPP_SYSTEM_CERTIFICATES"}
)
_LONGEST_SHOWN: Final = 60


class Settings(BaseSettings):
    """Settings with the names and bounds of the design document; `_MS` means milliseconds."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, hide_input_in_errors=False)

    WHATSAPP_SESSION_ID: str = Field("main", pattern=r"^[A-Za-z0-9_-]{1,40}$")
    WHATSAPP_WEBHOOK_SECRET: SecretStr = SecretStr("")
    NOTIFICATION_RETRY_ATTEMPTS: int = Field(3, ge=0, le=10)
    MESSAGE_QUEUE_BATCH_SIZE: int = Field(10, ge=1, le=50)
    CONNECTION_TIMEOUT_MS: int = Field(20_000, ge=1_000, le=120_000)
    WHATSAPP_BROWSER: Literal["windows_chrome", "macos_chrome", "ubuntu_chrome"] = "windows_chrome"
    WHATSAPP_CLIENT_VERSION: str = Field("", pattern=r"^(\d{1,6}\.\d{1,6}\.\d{1,12})?$")
    WHATSAPP_SYSTEM_CERTIFICATES: bool = False
    UNDO_SECONDS: int = Field(5, ge=0, le=30)
    IN_DOUBT: Literal["resend", "ask"] = "resend"
    TIME_TO_LIVE_MINUTES: int = Field(30, ge=1, le=720)
    PACE_PER_MINUTE: int = Field(20, ge=0, le=60)
    PACE_PER_CUSTOMER_HOUR: int = Field(10, ge=1, le=60)
    WHATSAPP_MORE_SESSION_IDS: str = Field("", pattern=r"^([A-Za-z0-9_-]{1,40}(,[A-Za-z0-9_-]{1,40}){0,3})?$")
    WHATSAPP_TAKE_OVER: bool = False
    WHATSAPP_READ_RECEIPTS: bool = True
    RETENTION_DAYS: int = Field(90, ge=14, le=365)
    SHOP_NAME: str = Field("Coco Loko Açaiteria", min_length=1, max_length=80)
    SHOP_ADDRESS: str = Field("", max_length=200)
    SHOP_PHONE: str = Field("", max_length=40)
    SHOP_AREA_CODE: str = Field("73", pattern=r"^[1-9][1-9]$")

    @field_validator("WHATSAPP_WEBHOOK_SECRET")
    @classmethod
    def _closed_or_long(cls, secret: SecretStr) -> SecretStr:
        if secret.get_secret_value() and len(secret.get_secret_value()) < 32:
            raise ValueError("vazio ou pelo menos 32 caracteres")
        return secret

    @field_validator("SHOP_NAME")
    @classmethod
    def _seen(cls, name: str) -> str:
        """Refuse a blank name."""
        if is_blank(name):
            raise ValueError("um nome que se veja")
        return name

    @field_validator("*", mode="before")
    @classmethod
    def _no_yes_or_no(cls, value: object, field: ValidationInfo) -> object:
        """Refuse TOML's booleans, which Python counts as numbers."""
        if isinstance(value, bool) and field.field_name not in _YES_OR_NO:
            raise ValueError("esta configuração não é sim ou não")
        return value

    @field_validator("SHOP_AREA_CODE", mode="before")
    @classmethod
    def _written_as_number(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @property
    def more_session_ids(self) -> tuple[str, ...]:
        """Further session ids, each once, without the default one."""
        named = dict.fromkeys(self.WHATSAPP_MORE_SESSION_IDS.split(","))
        return tuple(name for name in named if name and name != self.WHATSAPP_SESSION_ID)

    @property
    def connection_timeout(self) -> timedelta:
        return timedelta(milliseconds=self.CONNECTION_TIMEOUT_MS)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources by precedence: the environment before the file (its values are constructor arguments)."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def read_settings(data_folder: Path) -> Settings:
    """Read and validate the settings; raises BadSettingError with the first wrong one: name, value, allowed values."""
    written = _written(data_folder / CONFIG_FILE)
    for table, name in _unknown(written):
        if nearest := _nearest(name) or _nearest(f"{table}_{name}"):
            reason = "in_table" if table else "near"
            shown = name[:_LONGEST_SHOWN]
            raise BadSettingError(
                reason=reason, name=shown, nearest=nearest, table=table, value="", allowed=""
            )
    try:
        return Settings(**{name: value for name, value in written.items() if name in Settings.model_fields})
    except ValidationError as error:
        raise BadSettingError(**_facts(error)) from None


def unknown_settings(data_folder: Path) -> tuple[str, ...]:
    """Return the names in `config.toml` without effect that resemble no setting."""
    unknown = _unknown(_written(data_folder / CONFIG_FILE))
    return tuple(
        f"{table}.{name}"[:_LONGEST_SHOWN] if table else name[:_LONGEST_SHOWN] for table, name in unknown
    )


def _written(file: Path) -> dict[str, Any]:
    """Read the file's content, empty where there is no file; raises BadSettingError."""
    try:
        text = decode_text(file.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError:
        raise _bad_file("unreadable", "um arquivo que este usuário possa ler") from None
    except ValueError:
        raise _bad_file("encoding", "um arquivo em UTF-8") from None
    try:
        written = tomllib.loads(text)
        # Dotted names nest as deep as lists do, and the parser does not refuse them.
        deque(_unknown(written), maxlen=0)
    except (RecursionError, ValueError) as error:
        # Also raised for a number of thousands of digits; no setting has so many.
        line = re.search(r"at line (\d+)", str(error))
        raise _bad_file("not_toml", "um arquivo TOML", line[1] if line else "–") from None
    return written


def _bad_file(reason: str, allowed: str, line: str = "") -> BadSettingError:
    return BadSettingError(reason=reason, name=CONFIG_FILE, value="", allowed=allowed, line=line)


def _unknown(written: Mapping[str, Any], table: str = "") -> Iterator[tuple[str, str]]:
    """Yield table and name of entries that are no settings, or stand in an unread table."""
    for name, value in written.items():
        tables = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
        inner = [each for each in tables if isinstance(each, dict)]
        if (table or name not in Settings.model_fields) and not inner:
            yield table, name
        for each in inner:
            yield from _unknown(each, f"{table}.{name}" if table else name)


def _nearest(name: str) -> str | None:
    """Return the setting of a similar name, in any case and hyphenation; None without one."""
    from difflib import get_close_matches  # noqa: PLC0415 - a misspelt name alone needs it

    plain = name.strip().upper().replace("-", "_").replace(" ", "_")
    return next(iter(get_close_matches(plain, Settings.model_fields, n=1, cutoff=_NEAR)), None)


_ALLOWED = {
    "WHATSAPP_SESSION_ID": "1 a 40 letras, dígitos, - ou _",
    "WHATSAPP_WEBHOOK_SECRET": "vazio ou pelo menos 32 caracteres",
    "NOTIFICATION_RETRY_ATTEMPTS": "um número de 0 a 10",
    "MESSAGE_QUEUE_BATCH_SIZE": "um número de 1 a 50",
    "CONNECTION_TIMEOUT_MS": "um número de 1000 a 120000",
    "WHATSAPP_BROWSER": "windows_chrome, macos_chrome ou ubuntu_chrome",
    "WHATSAPP_CLIENT_VERSION": "vazio ou três números, por exemplo 2.3000.1027934701",
    "WHATSAPP_SYSTEM_CERTIFICATES": "true ou false",
    "UNDO_SECONDS": "um número de 0 a 30",
    "IN_DOUBT": "resend ou ask",
    "TIME_TO_LIVE_MINUTES": "um número de 1 a 720",
    "PACE_PER_MINUTE": "um número de 0 (sem limite) a 60",
    "PACE_PER_CUSTOMER_HOUR": "um número de 1 a 60",
    "WHATSAPP_MORE_SESSION_IDS": "até 4 nomes separados por vírgula, cada um como WHATSAPP_SESSION_ID",
    "WHATSAPP_TAKE_OVER": "true ou false",
    "WHATSAPP_READ_RECEIPTS": "true ou false",
    "RETENTION_DAYS": "um número de 14 a 365",
    "SHOP_NAME": "1 a 80 caracteres",
    "SHOP_ADDRESS": "até 200 caracteres",
    "SHOP_PHONE": "até 40 caracteres",
    "SHOP_AREA_CODE": "dois dígitos, por exemplo 73",
}


def _facts(error: ValidationError) -> dict[str, Any]:
    first = error.errors()[0]
    name = str(first["loc"][0])
    secret = name == "WHATSAPP_WEBHOOK_SECRET"
    value = "•••" if secret else str(first.get("input"))[:60]
    return {"name": name, "value": value, "allowed": _ALLOWED.get(name, "")}
