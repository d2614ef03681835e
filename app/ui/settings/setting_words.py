"""Words of the settings: label, explanation, names of the choices."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.domain.setting_spec import SettingKind, SettingSpec, SettingValue, Unit
from app.ui.language import BRAZIL


@dataclass(frozen=True, slots=True)
class SettingWords:
    """Label of a setting, and one sentence that says what it changes."""

    label: str
    help: str


def words_of(name: str) -> SettingWords:
    """Return the words of the setting; KeyError for one without a screen."""
    return (_shop_words() | _order_words() | _number_words() | _technical_words())[name]


def value_words(spec: SettingSpec, value: SettingValue) -> str:
    """Return the value as the shop reads it, `30 min` or `Perguntar à loja`."""
    match spec.kind:
        case SettingKind.NUMBER:
            return (
                zero_words(spec)
                if value == 0 and spec.zero
                else f"{BRAZIL.toString(int(value))}{suffix_of(spec)}"
            )
        case SettingKind.CHOICE:
            return choice_words(spec.name, str(value))
        case SettingKind.FLAG:
            return _tr("sim") if value else _tr("não")
        case SettingKind.TEXT:
            return str(value) or _tr("vazio")


def choice_words(name: str, choice: str) -> str:
    """Return the name of a choice; an area code is its own."""
    return {
        ("IN_DOUBT", "resend"): _tr("Repetir a mesma mensagem sozinho, até duas vezes"),
        ("IN_DOUBT", "ask"): _tr("Perguntar à loja"),
        ("WHATSAPP_BROWSER", "windows_chrome"): _tr("Chrome no Windows"),
        ("WHATSAPP_BROWSER", "macos_chrome"): _tr("Chrome no Mac"),
        ("WHATSAPP_BROWSER", "ubuntu_chrome"): _tr("Chrome no Ubuntu"),
    }.get((name, choice), choice)


def suffix_of(spec: SettingSpec) -> str:
    match spec.unit:
        case Unit.MILLISECONDS:
            return _tr(" ms")
        case Unit.SECONDS:
            return _tr(" s")
        case Unit.MINUTES:
            return _tr(" min")
        case Unit.DAYS:
            return _tr(" dias")
        case Unit.ATTEMPTS | Unit.ROWS | Unit.MESSAGES | None:
            return ""


def zero_words(spec: SettingSpec) -> str:
    """Return what the number 0 means, empty where it is a number like the others."""
    return _tr("Sem limite da loja; só os do WhatsApp") if spec.zero else ""


def _shop_words() -> dict[str, SettingWords]:
    return {
        "SHOP_NAME": SettingWords(
            _tr("Nome da loja"), _tr("Assina os avisos e as confirmações que o cliente recebe.")
        ),
        "SHOP_ADDRESS": SettingWords(
            _tr("Endereço"), _tr("Aparece nos avisos que falam do endereço da loja.")
        ),
        "SHOP_PHONE": SettingWords(_tr("Telefone"), _tr("Aparece nos avisos que falam do telefone da loja.")),
        "SHOP_ESTIMATED_TIME": SettingWords(
            _tr("Tempo de preparo"),
            _tr("Aparece nos avisos que dizem quanto o pedido demora; vazio, essa linha não sai."),
        ),
        "AUTO_LOCK_MINUTES": SettingWords(
            _tr("Trancar sozinho depois de"),
            _tr("Tempo sem uso depois do qual os ajustes pedem o PIN de novo."),
        ),
        "SHOP_AREA_CODE": SettingWords(
            _tr("DDD da loja"), _tr("Completa os números que são digitados sem DDD.")
        ),
        "RETENTION_DAYS": SettingWords(
            _tr("Guardar os dados dos clientes por"),
            _tr("Depois desse prazo, nomes, telefones e textos dos pedidos são apagados sozinhos."),
        ),
    }


def _order_words() -> dict[str, SettingWords]:
    return {
        "TIME_TO_LIVE_MINUTES": SettingWords(
            _tr("Um aviso vale por"),
            _tr("Depois disso ele não sai mais sozinho: o pedido aparece em “Não avisados”."),
        ),
        "UNDO_SECONDS": SettingWords(
            _tr("Tempo para desfazer"),
            _tr("Quanto um clique espera antes de o aviso sair; com 0, sai na hora."),
        ),
        "IN_DOUBT": SettingWords(
            _tr("Aviso sem confirmação"),
            _tr("O que fazer quando não se sabe se o aviso chegou ao WhatsApp."),
        ),
        "PACE_PER_MINUTE": SettingWords(
            _tr("Avisos por minuto"),
            _tr("Limite de cada número da loja; com 0, valem só os limites do WhatsApp."),
        ),
        "PACE_PER_CUSTOMER_HOUR": SettingWords(
            _tr("Avisos por cliente numa hora"),
            _tr("Protege o mesmo cliente de receber mensagens demais."),
        ),
    }


def _number_words() -> dict[str, SettingWords]:
    return {
        "WHATSAPP_READ_RECEIPTS": SettingWords(
            _tr("Mostrar que a loja leu"),
            _tr("A resposta aberta aqui conta como lida no celular da loja e para o cliente."),
        ),
        "WHATSAPP_TAKE_OVER": SettingWords(
            _tr("Outro número assume"),
            _tr("Se um número da loja for bloqueado ou desconectado, outro avisa os clientes dele."),
        ),
        "WHATSAPP_MORE_SESSION_IDS": SettingWords(
            _tr("Outros números da loja"),
            _tr("Até quatro nomes curtos, sem espaços, separados por vírgula; cada um ganha sua seção aqui."),
        ),
    }


def _technical_words() -> dict[str, SettingWords]:
    return {
        "NOTIFICATION_RETRY_ATTEMPTS": SettingWords(
            _tr("Novas tentativas"), _tr("Quantas vezes um aviso que não saiu é tentado de novo sozinho.")
        ),
        "MESSAGE_QUEUE_BATCH_SIZE": SettingWords(
            _tr("Avisos por leva"), _tr("Quantos avisos são tirados da fila de uma vez.")
        ),
        "CONNECTION_TIMEOUT_MS": SettingWords(
            _tr("Espera pela conexão"), _tr("Quanto o WhatsApp tem para responder a uma conexão nova.")
        ),
        "WHATSAPP_BROWSER": SettingWords(
            _tr("Nome do aparelho"),
            _tr("Como este computador aparece na lista de dispositivos conectados do celular."),
        ),
        "WHATSAPP_CLIENT_VERSION": SettingWords(
            _tr("Versão do WhatsApp Web"), _tr("Vazio: o programa escolhe a versão certa.")
        ),
        "WHATSAPP_SYSTEM_CERTIFICATES": SettingWords(
            _tr("Confiar nos certificados do sistema"),
            _tr("Só para redes em que um antivírus abre as conexões seguras."),
        ),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("settings", text)
