"""Scenes of the first run: each step in each of its states."""

from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.attempt import Rejected, RejectionKind
from app.domain.first_run import SETUP_STEPS, SetupStep
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.domain.session import SessionData
from app.ports.messenger import LinkChanged, LinkState
from app.ui.first_run.first_run_page import FirstRunPage
from app.ui.first_run.opening import add_first_run
from app.ui.first_run.phrase_step import PhraseStep
from app.ui.first_run.pin_step import PinStep
from app.ui.first_run.poster_step import PosterStep
from app.ui.settings.settings_page import SettingsPage
from tests.gui.screens.stage import Stage
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until

_PHONE = Phone("+5573988112233")
_PIN = "2468"


async def _open(stage: Stage, at: SetupStep) -> FirstRunPage:
    """Open the wizard at a step; the earlier ones are done but for the PIN, which waits."""
    first_run = stage.shop.core.setup.first_run
    for step in SETUP_STEPS[: SETUP_STEPS.index(at)]:
        await (first_run.skip(step) if step is SetupStep.PIN else first_run.finish(step))
    add_first_run(stage.window, stage.context)
    await stage.settle()
    return stage.find(FirstRunPage)


async def welcome(stage: Stage) -> None:
    await _open(stage, SetupStep.WELCOME)


async def connect(stage: Stage) -> None:
    """Show the code at once."""
    stage.shop.messenger.opens = False
    await _open(stage, SetupStep.CONNECT)
    await stage.offer_qr(20)
    await stage.shop.pass_time(seconds=6.4)
    await stage.settle()


async def _link(stage: Stage) -> None:
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=_PHONE))
    await stage.shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=_PHONE))
    await stage.settle()
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=_PHONE))
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))
    await stage.settle()


async def connected(stage: Stage) -> None:
    await connect(stage)
    await _link(stage)


async def _message(stage: Stage) -> FirstRunPage:
    """Show the step after a pairing that succeeded."""
    await connected(stage)
    stage.find(FirstRunPage).open_step(SetupStep.MESSAGE)
    await stage.settle()
    return stage.find(FirstRunPage)


async def message(stage: Stage) -> None:
    await _message(stage)


async def message_without_number(stage: Stage) -> None:
    (await _open(stage, SetupStep.MESSAGE)).open_step(SetupStep.MESSAGE)


async def message_held(stage: Stage) -> None:
    page = await _message(stage)
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    await stage.settle()
    page.primary.click()
    await stage.settle()


async def message_delivered(stage: Stage) -> None:
    page = await _message(stage)
    page.primary.click()
    await stage.settle()
    latest = await stage.shop.core.setup.first_message.latest()
    assert latest
    receipt = Receipt(latest.message_id, Evidence.SENDER, stage.shop.clock.now())
    await stage.shop.messenger.emit(receipt)
    await stage.settle()


async def message_failed(stage: Stage) -> None:
    page = await _message(stage)
    stage.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED, 463))
    page.primary.click()
    await stage.settle()


async def pin(stage: Stage) -> None:
    await _open(stage, SetupStep.PIN)


async def pin_differs(stage: Stage) -> None:
    page = await _open(stage, SetupStep.PIN)
    form = stage.find(PinStep).form
    form.pin.setText(_PIN)
    form.again.setText("1111")
    page.primary.click()


async def pin_exists(stage: Stage) -> None:
    page = await _open(stage, SetupStep.PIN)
    await stage.shop.core.access.gate.set_pin(_PIN)
    page.open_step(SetupStep.PIN)


async def phrase(stage: Stage) -> None:
    await _open(stage, SetupStep.PHRASE)


async def phrase_words(stage: Stage) -> None:
    page = await _open(stage, SetupStep.PHRASE)
    page.primary.click()
    await stage.settle()


async def phrase_asked(stage: Stage) -> None:
    """Refuse wrong words."""
    await phrase_words(stage)
    page, form = stage.find(FirstRunPage), stage.find(PhraseStep).form
    page.primary.click()
    assert form
    for field in form.fields.values():
        field.setText("coco")
    page.primary.click()
    await stage.settle()


async def orders(stage: Stage) -> None:
    await _open(stage, SetupStep.ORDERS)


async def poster_without_number(stage: Stage) -> None:
    await _open(stage, SetupStep.POSTER)


async def poster_saved(stage: Stage) -> None:
    await _message(stage)
    stage.find(FirstRunPage).open_step(SetupStep.POSTER)
    await stage.settle()
    with TemporaryDirectory() as folder:
        stage.find(PosterStep).save(Path(folder) / "cartaz-whatsapp.pdf")
        await wait_until(lambda: not stage.find(PosterStep).saved.isHidden())


async def section(stage: Stage) -> None:
    """Show Ajustes with the steps that are left."""
    page = await _open(stage, SetupStep.ORDERS)
    page.later.click()
    await stage.settle()
    page.later.click()
    await stage.settle()
    stage.open_tab("Ajustes")
    stage.find(SettingsPage).open_section("Primeiros passos")
    await stage.settle()
