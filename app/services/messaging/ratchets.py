"""Makes new Signal sessions where an unclean stop may have set the stored ones back."""

from app.domain.identifiers import SessionId
from app.ports.messenger import Messenger
from app.ports.store import Store


class Ratchets:
    """A message sent with a ratchet that was already used cannot be read by the customer's phone."""

    def __init__(self, store: Store, messenger: Messenger) -> None:
        self._store, self._messenger = store, messenger

    async def mend(self, session_id: SessionId) -> None:
        """Refresh every suspect recipient of the session and all own devices; nothing where none is suspect."""
        suspects = await self._store.read(lambda rows: rows.numbers.suspects(session_id))
        if not suspects:
            return
        jids = [known.account.jid for known in suspects if known.account]
        if jids:
            await self._messenger.refresh_session(session_id, jids)
        phones = [known.phone for known in suspects]
        await self._store.transact(lambda rows: rows.numbers.clear_suspects(phones))
