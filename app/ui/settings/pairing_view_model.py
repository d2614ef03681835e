"""View model of the pairing page for each state of the connection."""

from dataclasses import dataclass
from typing import Final, assert_never

from PySide6.QtCore import QCoreApplication

from app.domain.close_policy import CloseCause
from app.domain.session import ConnectionState, ConnectionStatus, PairingStep
from app.services.text.message_catalog import MessageCatalog
from app.ui.frame.connection_view_model import action_of
from app.ui.palette import Tone
from app.ui.settings.pairing_progress import Stage

# Such a close is tried again by itself, so the pairing goes on.
_NETWORK: Final = frozenset(CloseCause)


@dataclass(frozen=True, slots=True)
class PairingViewModel:
    """Texts and picture of the page; `button` is empty if none helps.

    `picture` takes the place of the code, and is empty while there is one. `code` are the characters to type instead
    of scanning the QR code.
    """

    title: str
    words: str
    stage: Stage = Stage.WAITING
    picture: str = ""
    tone: Tone = Tone.GOING
    button: str = ""
    code: str = ""

    @property
    def done(self) -> bool:
        return self.stage is Stage.READY

    @property
    def offers_typing(self) -> bool:
        """Whether the phone may still be given a code to type instead."""
        return self.stage is Stage.WAITING and not self.code


def pairing_view_model(
    status: ConnectionStatus, sentences: MessageCatalog, *, renewed: bool = False
) -> PairingViewModel:
    """Return the view model; `renewed`: the phone refused the previous code, and a new one is shown."""
    if status.is_connected:
        return _connected(status)
    if status.reason and status.reason not in _NETWORK:
        return _failed(status, sentences)
    if status.state is ConnectionState.DISCONNECTED:
        return _no_way_through(status, sentences)
    return _in_progress(status, sentences, renewed=renewed)


def _in_progress(status: ConnectionStatus, sentences: MessageCatalog, *, renewed: bool) -> PairingViewModel:
    match status.pairing:
        case PairingStep.SCANNED:
            return PairingViewModel(
                _tr("Código lido"), _tr("Deixe o WhatsApp aberto no celular."), Stage.SCANNED, "smartphone"
            )
        case PairingStep.CONNECTING:
            return PairingViewModel(
                _tr("Conectando…"), _tr("Isto leva alguns segundos."), Stage.CONNECTING, "refresh-cw"
            )
        case PairingStep.AWAITING_SCAN:
            again = sentences.of_code("pairing_registration_refresh")
            words = str(again) if renewed else _tr("O código se renova sozinho.")
            return PairingViewModel(_tr("Conectar um número"), words)
        case PairingStep.AWAITING_CODE:
            return PairingViewModel(
                _tr("Digite o código no celular"),
                _tr("O WhatsApp do celular pede este código."),
                code=status.pairing_code.text if status.pairing_code else "",
            )
        case PairingStep.PREPARING | None:
            return PairingViewModel(
                _tr("Conectar um número"), _tr("Preparando o código…"), picture="hourglass"
            )
        case _:
            assert_never(status.pairing)


def _connected(status: ConnectionStatus) -> PairingViewModel:
    number = status.phone.masked if status.phone else ""
    return PairingViewModel(
        _tr("Pronto!"),
        _tr("O WhatsApp da loja está conectado. {number}").format(number=number).strip(),
        Stage.READY,
        "circle-check",
        Tone.GOOD,
        _tr("Concluir"),
    )


def _failed(status: ConnectionStatus, sentences: MessageCatalog) -> PairingViewModel:
    action = action_of(status, sentences)
    return PairingViewModel(
        _tr("Não deu certo desta vez"),
        sentences.of_connection(status),
        picture="triangle-alert",
        tone=Tone.BAD,
        button=(action and action.words) or _tr("Gerar de novo"),
    )


def _no_way_through(status: ConnectionStatus, sentences: MessageCatalog) -> PairingViewModel:
    read = status.pairing in (PairingStep.SCANNED, PairingStep.CONNECTING)
    usual = _tr("Confira a internet deste computador. Tentamos de novo sozinhos.")
    return PairingViewModel(
        _tr("O WhatsApp não responde"),
        sentences.of_connection(status) if status.reason else usual,
        Stage.CONNECTING if read else Stage.WAITING,
        "wifi-off",
        Tone.WAIT,
        "" if read else _tr("Gerar de novo"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("PairingView", text)
