"""Page of each setup step."""

from collections.abc import Callable, Mapping
from typing import Final

from app.domain.first_run import SetupStep
from app.ui.first_run.connect_step import ConnectStep
from app.ui.first_run.message_step import MessageStep
from app.ui.first_run.orders_step import OrdersStep
from app.ui.first_run.phrase_step import PhraseStep
from app.ui.first_run.pin_step import PinStep
from app.ui.first_run.poster_step import PosterStep
from app.ui.first_run.step_page import StepPage
from app.ui.first_run.welcome_step import WelcomeStep
from app.ui.page_context import PageContext

_PAGES: Final[Mapping[SetupStep, Callable[[PageContext], StepPage]]] = {
    SetupStep.WELCOME: WelcomeStep,
    SetupStep.CONNECT: ConnectStep,
    SetupStep.MESSAGE: MessageStep,
    SetupStep.PIN: PinStep,
    SetupStep.PHRASE: PhraseStep,
    SetupStep.ORDERS: OrdersStep,
    SetupStep.POSTER: PosterStep,
}


def page_of(step: SetupStep, context: PageContext) -> StepPage:
    """Return a new page of this step."""
    return _PAGES[step](context)
