"""Scenes of the frame around the pages."""

from datetime import timedelta

from app.domain.close_policy import CloseCause
from app.domain.errors import DatabaseVanishedError, KeyMissingError
from app.ports.messenger import LinkChanged, LinkState
from app.ports.window_preferences import LetterSize
from app.ui.frame.connection_indicator import ConnectionButton
from app.ui.frame.mute_button import MuteButton
from app.ui.settings.settings_page import SettingsPage
from tests.gui.screens import orders_scenes
from tests.gui.screens.stage import Stage
from tests.harness.shop import MAIN


async def nothing(stage: Stage) -> None:
    _ = stage


async def stopped(stage: Stage) -> None:
    stage.window.show_stop(stage.context.sentences.of_error(KeyMissingError()), "Recuperar com a frase…")


async def vanished(stage: Stage) -> None:
    stage.window.show_stop(stage.context.sentences.of_error(DatabaseVanishedError()), "Restaurar cópia…")


async def locked(stage: Stage) -> None:
    stage.window.show_stop(
        stage.context.sentences.of_error(KeyMissingError(reason="locked")), "Tentar de novo"
    )


async def lamp(stage: Stage) -> None:
    stage.find(ConnectionButton).click()


async def lamp_offline(stage: Stage) -> None:
    stage.shop.messenger.opens = False
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    await stage.settle()
    stage.find(ConnectionButton).click()


async def _closed(stage: Stage, *codes: int, cause: CloseCause | None = None) -> None:
    """Show the afternoon's orders with a connection that was closed so, and one message that waits."""
    await orders_scenes.full(stage)
    stage.shop.messenger.opens = False
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    for code in codes:
        await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, code, cause=cause))
    await stage.shop.see(stage.shop.order(190, "+5573999540190"))
    await stage.settle()


async def logged_out(stage: Stage) -> None:
    await _closed(stage, 401)


async def devices_ended(stage: Stage) -> None:
    """Show the longest sentence, and a pause behind it."""
    await _closed(stage, 403)
    await stage.shop.core.queue.pause()
    await stage.settle()


async def outdated(stage: Stage) -> None:
    await _closed(stage, 405, 405)


async def replaced(stage: Stage) -> None:
    await _closed(stage, 440, 440, 440)


async def banned(stage: Stage) -> None:
    await _closed(stage, 406)


async def suspended(stage: Stage) -> None:
    await orders_scenes.full(stage)
    banned = LinkChanged(MAIN, LinkState.CLOSED, 402, expires_in=timedelta(hours=3))
    await stage.shop.messenger.emit(banned)
    await stage.settle()


async def no_internet(stage: Stage) -> None:
    await _closed(stage, 408, cause=CloseCause.NO_INTERNET)
    await stage.shop.pass_time(minutes=3)
    closed = LinkChanged(MAIN, LinkState.CLOSED, 408, cause=CloseCause.NO_INTERNET)
    await stage.shop.messenger.emit(closed)
    await stage.settle()


async def certificate(stage: Stage) -> None:
    await _closed(stage, 408, cause=CloseCause.CERTIFICATE)
    await stage.shop.pass_time(minutes=3)
    closed = LinkChanged(MAIN, LinkState.CLOSED, 408, cause=CloseCause.CERTIFICATE)
    await stage.shop.messenger.emit(closed)
    await stage.settle()


async def paused(stage: Stage) -> None:
    await orders_scenes.full(stage)
    await stage.shop.core.queue.pause()
    await stage.shop.see(stage.shop.order(190, "+5573999540190"))
    await stage.settle()


async def several(stage: Stage) -> None:
    await orders_scenes.full(stage)
    stage.find(ConnectionButton).click()


async def keys(stage: Stage) -> None:
    await orders_scenes.full(stage)
    stage.window.show_keys()


async def look(stage: Stage) -> None:
    stage.open_tab("Ajustes")
    stage.find(SettingsPage).open_section("Aparência e som")


async def far(stage: Stage) -> None:
    await orders_scenes.full(stage)
    stage.context.theme.choose_letters(LetterSize.FAR)
    await stage.settle()


async def muted_with_replies(stage: Stage) -> None:
    """Show every part of the header at once: both counts, a pause and a mute."""
    await orders_scenes.replied(stage)
    await stage.shop.core.queue.pause()
    stage.find(MuteButton).click()
    await stage.settle()


async def notice(stage: Stage) -> None:
    stage.window.show_problem_code("not_connected")


async def templates(stage: Stage) -> None:
    stage.open_tab("Modelos")


async def monitor(stage: Stage) -> None:
    stage.open_tab("Monitor")
