"""Brazilian Portuguese locale: Qt's own buttons, dates, times and money."""

import re
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.domain.money import format_reais

BRAZIL = QLocale(QLocale.Language.Portuguese, QLocale.Country.Brazil)


def install_portuguese(app: QApplication) -> None:
    QLocale.setDefault(BRAZIL)
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_pt_BR", folder):
        app.installTranslator(translator)


def reais(amount: Decimal) -> str:
    """Format as `R$ 1.234,50`; a no-break space keeps it on one line."""
    return format_reais(amount).replace(" ", "\N{NO-BREAK SPACE}")


def hour(moment: datetime) -> str:
    """Format as `14:02` in local time."""
    return moment.astimezone().strftime("%H:%M")


def to_the_second(moment: datetime) -> str:
    """Format as `14:02:31` in local time."""
    return moment.astimezone().strftime("%H:%M:%S")


def day_and_hour(moment: datetime, now: datetime) -> str:
    """Format as `14:02`, preceded by the day unless that is today."""
    local = moment.astimezone()
    return hour(moment) if local.date() == now.astimezone().date() else local.strftime("%d/%m %H:%M")


def day_of_year(moment: datetime) -> str:
    """Format as `25/11/2026` in local time."""
    return moment.astimezone().strftime("%d/%m/%Y")


def until_words(moment: datetime, now: datetime) -> str:
    """Format as `14:02`, `amanhã às 14:02` or `25/11 às 14:02`, to follow the word "until"."""
    day, at = day_in_words(moment, now), hour(moment)
    return _tr("{day} às {hour}").format(day=day, hour=at) if day else at


def day_in_words(moment: datetime, now: datetime) -> str:
    """Format the day as `amanhã` or `25/11`; empty if it is today."""
    days = (moment.astimezone().date() - now.astimezone().date()).days
    if days == 0:
        return ""
    return _tr("amanhã") if days == 1 else moment.astimezone().strftime("%d/%m")


def midnight(now: datetime) -> datetime:
    """Return the start of the present local day."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


def amount(typed: str) -> Decimal | None:
    """Parse `38`, `38,50`, `R$ 1.234,50`; None if it is no sum of money, like `38 00`."""
    plain = typed.strip().removeprefix("R$").strip()
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"\d{1,7}(\.\d{1,2})?", plain, re.ASCII) else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("language", text)
