"""Says in one sentence what each state of the connection means for the shop's messages."""

from PySide6.QtCore import QCoreApplication

from app.domain.session import Lamp


def lamp_explained(lamp: Lamp) -> str:
    """For a state that has no reason of its own to tell."""
    say = QCoreApplication.translate
    return {
        Lamp.UNPAIRED: say("Lamp", "Este computador ainda não está ligado ao WhatsApp da loja."),
        Lamp.CONNECTING: say("Lamp", "Abrindo a conexão com o WhatsApp."),
        Lamp.CONNECTED: say("Lamp", "As mensagens saem normalmente."),
        Lamp.UNSTABLE: say("Lamp", "O WhatsApp demora a responder. As mensagens ficam guardadas."),
        Lamp.DISCONNECTED: say("Lamp", "Tentando de novo sozinho. As mensagens ficam guardadas."),
        Lamp.BLOCKED: say("Lamp", "A conexão não volta sozinha."),
    }[lamp]
