"""Settings of a shop: each with its name, default and bounds, written here alone (D4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Literal, TypeVar, get_args

from app.domain.area_codes import AREA_CODES
from app.domain.setting_spec import Applies, SettingKind, SettingSpec, SettingValue, Unit

Browser = Literal["windows_chrome", "macos_chrome", "ubuntu_chrome"]
"""Program for which WhatsApp takes this one."""
T = TypeVar("T", bound=SettingValue)
S = TypeVar("S", bound=str)

_SPEC: Final = "spec"
_SESSION_ID: Final = r"[A-Za-z0-9_-]{1,40}"


def _field(default: T, spec: SettingSpec) -> T:
    """Return a dataclass field, typed as its value; a secret has no part in `repr`."""
    return field(default=default, repr=not spec.secret, metadata={_SPEC: spec})


def _number(
    default: int, least: int, most: int, unit: Unit, *, zero: str = "", applies: Applies = Applies.AT_ONCE
) -> int:
    kind = SettingKind.NUMBER
    spec = SettingSpec(
        kind=kind, default=default, least=least, most=most, unit=unit, zero=zero, applies=applies
    )
    return _field(default, spec)


def _choice(
    default: S, choices: tuple[S, ...], *, wording: str = "", applies: Applies = Applies.AT_ONCE
) -> S:
    kind = SettingKind.CHOICE
    spec = SettingSpec(kind=kind, default=default, choices=choices, wording=wording, applies=applies)
    return _field(default, spec)


def _flag(*, default: bool, applies: Applies = Applies.AT_ONCE) -> bool:
    return _field(default, SettingSpec(kind=SettingKind.FLAG, default=default, applies=applies))


def _text(default: str, least: int, most: int) -> str:
    return _field(default, SettingSpec(kind=SettingKind.TEXT, default=default, least=least, most=most))


def _started_text(
    default: str, pattern: str, wording: str, *, on_screen: bool = True, secret: bool = False
) -> str:
    """Return a text of a certain form that is read at each start."""
    spec = SettingSpec(
        kind=SettingKind.TEXT,
        default=default,
        applies=Applies.AT_NEXT_START,
        pattern=pattern,
        wording=wording,
        on_screen=on_screen,
        secret=secret,
    )
    return _field(default, spec)


@dataclass(frozen=True, slots=True)
class Settings:
    """Values in force, by the names of the design document; `_MS` means milliseconds."""

    WHATSAPP_SESSION_ID: str = _started_text(
        "main", _SESSION_ID, "1 a 40 letras, dígitos, - ou _", on_screen=False
    )
    WHATSAPP_WEBHOOK_SECRET: str = _started_text(
        "", r"(.{32,})?", "vazio ou pelo menos 32 caracteres", on_screen=False, secret=True
    )
    NOTIFICATION_RETRY_ATTEMPTS: int = _number(3, 0, 10, Unit.ATTEMPTS)
    MESSAGE_QUEUE_BATCH_SIZE: int = _number(10, 1, 50, Unit.ROWS)
    CONNECTION_TIMEOUT_MS: int = _number(
        20_000, 1_000, 120_000, Unit.MILLISECONDS, applies=Applies.AT_NEXT_START
    )
    WHATSAPP_BROWSER: Browser = _choice(  # noqa: RUF009 - a literal, like the others
        "windows_chrome", get_args(Browser), applies=Applies.AT_NEXT_START
    )
    WHATSAPP_CLIENT_VERSION: str = _started_text(
        "",
        r"([0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,12})?",
        "vazio ou três números, por exemplo 2.3000.1027934701",
    )
    WHATSAPP_SYSTEM_CERTIFICATES: bool = _flag(default=False, applies=Applies.AT_NEXT_START)
    UNDO_SECONDS: int = _number(5, 0, 30, Unit.SECONDS)
    IN_DOUBT: str = _choice("resend", ("resend", "ask"))
    TIME_TO_LIVE_MINUTES: int = _number(30, 1, 720, Unit.MINUTES)
    PACE_PER_MINUTE: int = _number(20, 0, 60, Unit.MESSAGES, zero="sem limite")
    PACE_PER_CUSTOMER_HOUR: int = _number(10, 1, 60, Unit.MESSAGES)
    WHATSAPP_MORE_SESSION_IDS: str = _started_text(
        "",
        rf"({_SESSION_ID}(,{_SESSION_ID}){{0,3}})?",
        "até 4 nomes separados por vírgula, cada um com até 40 letras, dígitos, - ou _",
    )
    WHATSAPP_TAKE_OVER: bool = _flag(default=False)
    WHATSAPP_READ_RECEIPTS: bool = _flag(default=True)
    RETENTION_DAYS: int = _number(90, 14, 365, Unit.DAYS)
    AUTO_LOCK_MINUTES: int = _number(5, 1, 60, Unit.MINUTES)
    SHOP_NAME: str = _text("Coco Loko Açaiteria", 1, 80)
    SHOP_ADDRESS: str = _text("", 0, 200)
    SHOP_PHONE: str = _text("", 0, 40)
    SHOP_ESTIMATED_TIME: str = _text("15 a 20 minutos", 0, 40)
    SHOP_AREA_CODE: str = _choice("73", AREA_CODES, wording="um DDD que existe, por exemplo 73")

    @property
    def more_session_ids(self) -> tuple[str, ...]:
        """Further session ids, each once, without the default one."""
        named = dict.fromkeys(self.WHATSAPP_MORE_SESSION_IDS.split(","))
        return tuple(name for name in named if name and name != self.WHATSAPP_SESSION_ID)

    @property
    def connection_timeout(self) -> timedelta:
        return timedelta(milliseconds=self.CONNECTION_TIMEOUT_MS)


def names_first_number(name: str, value: SettingValue, first: SettingValue) -> bool:
    """Whether this value lists the id of the first number among the further ones."""
    return name == "WHATSAPP_MORE_SESSION_IDS" and first in str(value).split(",")


SETTINGS: Final[Mapping[str, SettingSpec]] = MappingProxyType(
    {each.name: replace(each.metadata[_SPEC], name=each.name) for each in fields(Settings)}
)
"""Specifications of all settings, by name."""
