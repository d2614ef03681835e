"""What the pairing page says in each state of the connection."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.domain.session import ConnectionStatus, Lamp, PairingStep
from app.services.sentences import Sentences
from app.ui.palette import Tone
from app.ui.settings.pairing_progress import Stage


@dataclass(frozen=True, slots=True)
class PairingView:
    """`picture` stands where the code would, and is empty while there is a code; `button` is empty where none helps."""

    title: str
    words: str
    stage: Stage = Stage.WAITING
    picture: str = ""
    tone: Tone = Tone.GOING
    button: str = ""

    @property
    def done(self) -> bool:
        return self.stage is Stage.READY


def view_of(status: ConnectionStatus, sentences: Sentences, trouble: str = "") -> PairingView:
    """`trouble` is the code of the latest trouble that concerned this pairing."""
    if status.is_connected:
        return _connected(status)
    if trouble or status.reason:
        return _failed(status.reason, sentences, trouble)
    if status.lamp is Lamp.DISCONNECTED:
        return _no_way_through(status.pairing)
    match status.pairing:
        case PairingStep.SCANNED:
            return PairingView(
                _tr("Código lido"), _tr("Deixe o WhatsApp aberto no celular."), Stage.SCANNED, "smartphone"
            )
        case PairingStep.CONNECTING:
            return PairingView(
                _tr("Conectando…"), _tr("Isto leva alguns segundos."), Stage.CONNECTING, "refresh-cw"
            )
        case PairingStep.AWAITING_SCAN:
            return PairingView(_tr("Conectar um número"), _tr("O código se renova sozinho."))
        case _:
            return PairingView(_tr("Conectar um número"), _tr("Preparando o código…"), picture="hourglass")


def _connected(status: ConnectionStatus) -> PairingView:
    number = status.phone.masked if status.phone else ""
    return PairingView(
        _tr("Pronto!"),
        _tr("O WhatsApp da loja está conectado. {number}").format(number=number).strip(),
        Stage.READY,
        "circle-check",
        Tone.GOOD,
        _tr("Concluir"),
    )


def _failed(reason: str | None, sentences: Sentences, trouble: str) -> PairingView:
    words = str(sentences.of_code(trouble)) if trouble else sentences.say("connection_reasons", reason or "")
    return PairingView(
        _tr("Não deu certo desta vez"),
        words,
        picture="triangle-alert",
        tone=Tone.BAD,
        button=_tr("Gerar outro código"),
    )


def _no_way_through(step: PairingStep | None) -> PairingView:
    read = step in (PairingStep.SCANNED, PairingStep.CONNECTING)
    return PairingView(
        _tr("O WhatsApp não responde"),
        _tr("Confira a internet deste computador. Tentamos de novo sozinhos."),
        Stage.CONNECTING if read else Stage.WAITING,
        "wifi-off",
        Tone.WAIT,
        "" if read else _tr("Gerar outro código"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("PairingView", text)
