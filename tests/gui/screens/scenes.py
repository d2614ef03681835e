"""Scenes, in the order of the contact sheet."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tests.gui.screens import (
    access_scenes,
    demo_scenes,
    first_run_scenes,
    frame_scenes,
    hidden_scenes,
    orders_scenes,
    pace_scenes,
    settings_scenes,
)
from tests.gui.screens.stage import Stage

Play = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """Scene; `before` is played ahead of the pages, `play` once they are added."""

    name: str
    play: Play
    paired: bool = True
    training: bool = False
    undo_window: timedelta = timedelta(0)
    with_pages: bool = True
    before: Play | None = None
    more_numbers: tuple[str, ...] = ()
    paced: bool = False
    """With the shop's rate limits, which would only slow down most scenes."""
    given: bool = False
    """With settings of environment and `config.toml`, which overrule those of the screen."""


SCENES: Final = (
    Scene("10-pedidos", orders_scenes.full),
    Scene("11-pedidos-vazio", orders_scenes.empty),
    Scene("12-pedidos-sem-parear", orders_scenes.empty, paired=False),
    Scene("13-pedido-aberto", orders_scenes.opened),
    Scene("14-pedido-com-falha", orders_scenes.failed),
    Scene("15-pedidos-busca-vazia", orders_scenes.not_found),
    Scene("16-pedidos-sem-conexao", orders_scenes.offline),
    Scene("17-novo-pedido", orders_scenes.form),
    Scene("18-novo-pedido-com-erro", orders_scenes.form_with_faults),
    Scene("19-pedidos-carregando", orders_scenes.loading),
    Scene("30-desfazer", orders_scenes.clicked, undo_window=timedelta(seconds=5)),
    Scene("31-pedido-em-duvida", orders_scenes.doubtful),
    Scene("32-enviar-de-novo", orders_scenes.resending),
    Scene("33-mensagem-propria", orders_scenes.writing),
    Scene("34-mensagem-longa", orders_scenes.writing_much),
    Scene("35-respostas", orders_scenes.replied),
    Scene("36-outro-numero", orders_scenes.another_number),
    Scene("37-pedido-sem-telefone", orders_scenes.without_phone),
    Scene("38-pediu-para-sair", orders_scenes.opted_out),
    Scene("39-qr-do-recibo", orders_scenes.receipt),
    Scene("85-chamar-cliente", orders_scenes.called),
    Scene("86-corrigir-telefone", orders_scenes.correcting),
    Scene("87-enviada-manualmente", orders_scenes.handed_over),
    Scene("88-conversa", orders_scenes.conversed),
    Scene("80-a-caminho", orders_scenes.picked_up),
    Scene("81-nao-pode-agora", orders_scenes.cannot_come),
    Scene("82-numero-oculto", hidden_scenes.claimed),
    Scene("83-numero-oculto-sem-nome", hidden_scenes.claimed_without_name),
    Scene("84-numero-oculto-pergunta", hidden_scenes.asking),
    Scene("20-abrindo", frame_scenes.nothing, with_pages=False),
    Scene("21-parada", frame_scenes.stopped, with_pages=False),
    Scene("21-parada-copia", frame_scenes.vanished, with_pages=False),
    Scene("21-parada-cofre", frame_scenes.locked, with_pages=False),
    Scene("22-lampada", frame_scenes.lamp),
    Scene("23-lampada-sem-internet", frame_scenes.lamp_offline),
    Scene("24-aviso", frame_scenes.notice),
    Scene("25-modelos", frame_scenes.templates),
    Scene("26-monitor", frame_scenes.monitor),
    Scene("90-faixa-desconectado-pelo-celular", frame_scenes.logged_out),
    Scene("90-faixa-aparelhos-e-mais", frame_scenes.devices_ended),
    Scene("90-faixa-desatualizado", frame_scenes.outdated),
    Scene("90-faixa-outro-computador", frame_scenes.replaced),
    Scene("90-faixa-numero-bloqueado", frame_scenes.banned),
    Scene("90-faixa-suspenso", frame_scenes.suspended),
    Scene("90-faixa-sem-internet", frame_scenes.no_internet),
    Scene("90-faixa-certificado", frame_scenes.certificate),
    Scene("90-faixa-pausada", frame_scenes.paused),
    Scene("92-teclas", frame_scenes.keys),
    Scene("93-aparencia-e-som", frame_scenes.look),
    Scene("95-de-longe", frame_scenes.far),
    Scene("94-topo-cheio", frame_scenes.muted_with_replies),
    Scene("91-tres-numeros", frame_scenes.several, more_numbers=("bar", "praia")),
    Scene("40-ajustes", settings_scenes.card),
    Scene("41-ajustes-sem-parear", settings_scenes.card, paired=False),
    Scene("42-ajustes-sem-internet", settings_scenes.offline),
    Scene("43-ajustes-bloqueado", settings_scenes.blocked),
    Scene("44-desconectar", settings_scenes.question),
    Scene("45-dois-numeros", settings_scenes.several, more_numbers=("second",)),
    Scene("46-segundo-numero", settings_scenes.second_number, more_numbers=("second",)),
    Scene("47-ajustes-pedidos", settings_scenes.orders),
    Scene("88-ajustes-loja", settings_scenes.shop),
    Scene("88-ajustes-loja-recusada", settings_scenes.refused),
    Scene("88-ajustes-loja-definida", settings_scenes.shop_given, given=True),
    Scene("89-ajustes-ritmo", settings_scenes.rate_limits),
    Scene("89-ajustes-privacidade", settings_scenes.privacy),
    Scene("89-ajustes-avancado", settings_scenes.advanced),
    Scene("89-nome-do-numero", settings_scenes.named),
    Scene("89a-adicionar-numero", settings_scenes.adding),
    Scene("89b-remover-numero", settings_scenes.removing, more_numbers=("second",)),
    Scene("85-pediram-para-parar", settings_scenes.opt_outs),
    Scene("86-ninguem-pediu-para-parar", settings_scenes.no_opt_outs),
    Scene("87-voltar-a-avisar", settings_scenes.lift_opt_out),
    Scene("48-ajustes-seguranca", access_scenes.security),
    Scene("48-ajustes-seguranca-aberta", access_scenes.security_unlocked),
    Scene("49-pin-novo", access_scenes.new_pin),
    Scene("49-pin-errado", access_scenes.wrong_pin),
    Scene("49-frase-nova", access_scenes.new_phrase),
    Scene("49-frase-repetida", access_scenes.repeated_phrase),
    Scene("49-destrancar", access_scenes.unlock),
    Scene("49-pin-esquecido", access_scenes.forgotten),
    Scene("49-pin-esquecido-sem-saida", access_scenes.forgotten_without_ways),
    Scene("49-pin-esquecido-pausada", access_scenes.forgotten_while_paused),
    Scene("49-pin-frase", access_scenes.forgotten_phrase),
    Scene("49-pin-codigo", access_scenes.pin_code),
    Scene("49-pin-esquecido-codigo-saiu", access_scenes.pin_code_again),
    Scene("49-pin-codigo-errado", access_scenes.wrong_pin_code),
    Scene("49-pin-codigo-outro", access_scenes.another_pin_code),
    Scene("49-pin-codigo-demais", access_scenes.too_many_pin_codes),
    Scene("50-parear-preparando", settings_scenes.preparing, paired=False),
    Scene("51-parear-codigo", settings_scenes.code, paired=False),
    Scene("52-parear-lido", settings_scenes.scanned, paired=False),
    Scene("53-parear-conectando", settings_scenes.connecting, paired=False),
    Scene("54-parear-pronto", settings_scenes.ready, paired=False),
    Scene("55-parear-vencido", settings_scenes.expired, paired=False),
    Scene("56-parear-sem-internet", settings_scenes.no_way_through, paired=False),
    Scene("57-parear-digitando", settings_scenes.typed_code, paired=False),
    Scene("58-parear-chave-de-acesso", settings_scenes.passkey, paired=False),
    Scene("70-ritmo-folga", settings_scenes.card, paced=True),
    Scene("71-ritmo-metade", pace_scenes.card_half, paced=True),
    Scene("72-ritmo-no-fim", pace_scenes.card_low, paced=True),
    Scene("73-ritmo-acabou", pace_scenes.card_exhausted, paced=True),
    Scene("74-ritmo-aquecido", pace_scenes.card_free, paced=True),
    Scene("75-bloqueio-por-tempo", pace_scenes.card_locked, paced=True),
    Scene("76-conversas-novas-acabaram", pace_scenes.card_capped, paced=True),
    Scene("77-mais-devagar-e-pausada", pace_scenes.card_slowed, paced=True),
    Scene("78-lampada-limitada", pace_scenes.lamp_locked, paced=True),
    Scene("79-pedido-espera", pace_scenes.held_orders),
    Scene("90-boas-vindas", first_run_scenes.welcome, paired=False),
    Scene("91-primeira-conexao", first_run_scenes.connect, paired=False),
    Scene("91-primeira-conexao-pronta", first_run_scenes.connected, paired=False),
    Scene("92-primeira-mensagem", first_run_scenes.message, paired=False),
    Scene("92-primeira-mensagem-sem-numero", first_run_scenes.message_without_number, paired=False),
    Scene("92-primeira-mensagem-guardada", first_run_scenes.message_held, paired=False),
    Scene("92-primeira-mensagem-entregue", first_run_scenes.message_delivered, paired=False),
    Scene("92-primeira-mensagem-recusada", first_run_scenes.message_failed, paired=False),
    Scene("93-primeiro-pin", first_run_scenes.pin, paired=False),
    Scene("93-primeiro-pin-diferente", first_run_scenes.pin_differs, paired=False),
    Scene("93-primeiro-pin-existe", first_run_scenes.pin_exists, paired=False),
    Scene("94-primeira-frase", first_run_scenes.phrase, paired=False),
    Scene("94-primeira-frase-palavras", first_run_scenes.phrase_words, paired=False),
    Scene("94-primeira-frase-repetida", first_run_scenes.phrase_asked, paired=False),
    Scene("95-primeiros-pedidos", first_run_scenes.orders, paired=False),
    Scene("96-primeiro-cartaz-sem-numero", first_run_scenes.poster_without_number, paired=False),
    Scene("96-primeiro-cartaz-salvo", first_run_scenes.poster_saved, paired=False),
    Scene("97-ajustes-primeiros-passos", first_run_scenes.section, paired=False),
    Scene("60-treinamento", demo_scenes.phones, training=True),
    Scene("61-treinamento-conversa", demo_scenes.chat, training=True),
)
