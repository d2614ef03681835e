"""Alarm: plays the sounds that the policy calls for, by the figures of the attention monitor."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.session import ConnectionState
from app.services.attention.sound_policy import SoundFacts, SoundPolicy
from app.ui.frame.attention_monitor import AttentionMonitor
from app.ui.page_context import PageContext

_EVERY_MILLISECONDS = 2_000


class SoundAlarm(QObject):
    """Sounds of one window; `mute_changed` is emitted when a mute begins or ends."""

    mute_changed = Signal()

    def __init__(
        self, context: PageContext, monitor: AttentionMonitor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._monitor = context, monitor
        self._policy, self._was_muted = SoundPolicy(), False
        ticks = QTimer(self)
        ticks.setInterval(_EVERY_MILLISECONDS)
        ticks.timeout.connect(self.step)
        ticks.start()
        monitor.counted.connect(self.step)

    @property
    def is_muted(self) -> bool:
        return self._policy.is_muted(self._context.core.clock.steady())

    def step(self) -> None:
        """Play what is due now; a sound that was switched off in the settings is left out."""
        if not self._monitor.has_counted:
            return
        wanted = self._context.preferences.value.sounds
        for sound in self._policy.step(self._facts(), self._context.core.clock.steady()):
            if sound in wanted:
                self._context.sounds.play(sound)
        self._say_mute()

    def acknowledge_untold(self) -> None:
        """End the repeated call: a person is looking at an untold order."""
        self._policy.acknowledge_untold()

    def toggle_mute(self) -> None:
        if self.is_muted:
            self._policy.unmute()
        else:
            self._policy.mute(self._context.core.clock.steady())
        self._say_mute()

    def _say_mute(self) -> None:
        if self.is_muted != self._was_muted:
            self._was_muted = self.is_muted
            self.mute_changed.emit()

    def _facts(self) -> SoundFacts:
        counts, statuses = self._monitor.counts, self._context.core.sessions.statuses()
        lost = {
            status.session_id
            for status in statuses
            if not status.is_connected and status.state is not ConnectionState.UNPAIRED
        }
        return SoundFacts(counts.untold, counts.replies, counts.orders, frozenset(lost))
