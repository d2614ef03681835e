"""The language of the window: Brazilian Portuguese, down to Qt's own buttons, dates and sums."""

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
    """`R$ 1.234,50`, kept on one line."""
    return format_reais(amount).replace(" ", "\N{NO-BREAK SPACE}")


def hour(moment: datetime) -> str:
    """`14:02` on the wall of the shop."""
    return moment.astimezone().strftime("%H:%M")


def to_the_second(moment: datetime) -> str:
    """`14:02:31` on the wall of the shop."""
    return moment.astimezone().strftime("%H:%M:%S")


def day_and_hour(moment: datetime, now: datetime) -> str:
    """`14:02`, with the day before it where that is not today."""
    local = moment.astimezone()
    return hour(moment) if local.date() == now.astimezone().date() else local.strftime("%d/%m %H:%M")


def until_words(moment: datetime, now: datetime) -> str:
    """`14:02`, `amanhã às 14:02`, `25/11 às 14:02`: what follows the word "until"."""
    day, at = day_in_words(moment, now), hour(moment)
    return _tr("{day} às {hour}").format(day=day, hour=at) if day else at


def day_in_words(moment: datetime, now: datetime) -> str:
    """`amanhã`, `25/11`; empty where it is today."""
    days = (moment.astimezone().date() - now.astimezone().date()).days
    if days == 0:
        return ""
    return _tr("amanhã") if days == 1 else moment.astimezone().strftime("%d/%m")


def midnight(now: datetime) -> datetime:
    """When the shop's present day began."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


def amount(typed: str) -> Decimal | None:
    """`38`, `38,50`, `R$ 1.234,50`; None where it is no sum of money, as `38 00` is none."""
    plain = typed.strip().removeprefix("R$").strip()
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"\d{1,7}(\.\d{1,2})?", plain, re.ASCII) else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("language", text)
