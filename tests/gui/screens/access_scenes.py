"""Views of Segurança: PIN, recovery phrase, and the ways out of a forgotten PIN."""

from app.ports.messenger import LinkChanged, LinkState
from app.ui.access.forgotten_pin_dialog import ForgottenPinDialog
from app.ui.access.new_phrase_dialog import NewPhraseDialog
from app.ui.access.new_pin_dialog import NewPinDialog
from app.ui.access.phrase_dialog import PhraseDialog
from app.ui.access.pin_code_dialog import PinCodeDialog
from app.ui.access.pin_dialog import PinDialog
from app.ui.settings.security_section import SecuritySection
from app.ui.settings.session_card import SessionCard
from tests.gui.screens.settings_scenes import open_section
from tests.gui.screens.stage import Stage
from tests.harness.shop import MAIN

_PIN = "2468"


async def security(stage: Stage) -> None:
    """Show the section of a shop without a PIN."""
    await open_section(stage, "Segurança")


async def security_unlocked(stage: Stage) -> None:
    """Show it to the manager, who has opened it."""
    await stage.shop.core.access.gate.set_pin(_PIN)
    await stage.shop.core.access.gate.unlock(_PIN)
    await security(stage)


async def new_pin(stage: Stage) -> None:
    """Ask for a new PIN, after two different ones."""
    await security(stage)
    stage.find(SecuritySection).change.click()
    await stage.settle()
    dialog = stage.find(NewPinDialog)
    dialog.pin.setText(_PIN)
    dialog.again.setText("1111")
    dialog.submit()


async def wrong_pin(stage: Stage) -> None:
    """Refuse a wrong PIN before the shop's number is disconnected."""
    await stage.shop.core.access.gate.set_pin(_PIN)
    stage.open_tab("Ajustes")
    stage.find(SessionCard).disconnect_.click()
    await stage.settle()
    dialog = stage.find(PinDialog)
    dialog.pin.setText("1111")
    dialog.submit()
    await stage.settle()


async def new_phrase(stage: Stage) -> None:
    """Show the twelve words once."""
    await security(stage)
    stage.find(SecuritySection).phrase.click()
    await stage.settle()


async def repeated_phrase(stage: Stage) -> None:
    """Ask three of them back, and refuse a wrong one."""
    await new_phrase(stage)
    dialog = stage.find(NewPhraseDialog)
    dialog.submit()
    for field in dialog.fields.values():
        field.setText("coco")
    dialog.submit()
    await stage.settle()


async def unlock(stage: Stage) -> None:
    """Ask for the PIN from "Destrancar…"."""
    await stage.shop.core.access.gate.set_pin(_PIN)
    await security(stage)
    stage.find(SecuritySection).unlock.click()
    await stage.settle()


async def forgotten(stage: Stage) -> None:
    """Offer both ways out of a forgotten PIN."""
    draft = await stage.shop.core.access.recovery.draft_phrase()
    await stage.shop.core.access.recovery.keep_phrase(draft, dict(enumerate(draft.words, 1)))
    await unlock(stage)
    stage.find(PinDialog).forgotten.click()
    await stage.settle()


async def forgotten_without_ways(stage: Stage) -> None:
    """Show that neither phone nor phrase is there, beside the reset."""
    stage.shop.messenger.opens = False
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    await unlock(stage)
    stage.find(PinDialog).forgotten.click()
    await stage.settle()


async def forgotten_while_paused(stage: Stage) -> None:
    """Refuse a code that a paused queue would keep."""
    await forgotten(stage)
    await stage.shop.core.queue.pause()
    stage.find(ForgottenPinDialog).code.click()
    await stage.settle()


async def forgotten_phrase(stage: Stage) -> None:
    """Refuse a phrase with a mistyped word."""
    await forgotten(stage)
    stage.find(ForgottenPinDialog).phrase.click()
    await stage.settle()
    dialog = stage.find(PhraseDialog)
    dialog.phrase.setText("coco " * 12)
    dialog.submit()
    await stage.settle()


async def pin_code(stage: Stage) -> None:
    """Ask for the code that the shop's phone shows."""
    await forgotten(stage)
    stage.find(ForgottenPinDialog).code.click()
    await stage.settle()


async def pin_code_again(stage: Stage) -> None:
    """Offer the code that was sent, after its dialog was closed."""
    await pin_code(stage)
    stage.find(PinCodeDialog).reject()
    await stage.settle()
    stage.find(SecuritySection).unlock.click()
    await stage.settle()
    stage.find(PinDialog).forgotten.click()
    await stage.settle()


async def wrong_pin_code(stage: Stage) -> None:
    await pin_code(stage)
    dialog = stage.find(PinCodeDialog)
    dialog.code.setText("000 000")
    dialog.submit()
    await stage.settle()


async def another_pin_code(stage: Stage) -> None:
    await pin_code(stage)
    stage.find(PinCodeDialog).another.click()
    await stage.settle()


async def too_many_pin_codes(stage: Stage) -> None:
    await another_pin_code(stage)
    for _ in range(2):
        stage.find(PinCodeDialog).another.click()
        await stage.settle()
