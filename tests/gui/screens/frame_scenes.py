"""Scenes of the frame around the pages."""

from app.domain.errors import DatabaseVanishedError, KeyMissingError
from app.ports.messenger import LinkChanged, LinkState
from app.ui.frame.connection_indicator import ConnectionButton
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


async def notice(stage: Stage) -> None:
    stage.window.show_problem_code("not_connected")


async def templates(stage: Stage) -> None:
    stage.open_tab("Modelos")


async def monitor(stage: Stage) -> None:
    stage.open_tab("Monitor")
