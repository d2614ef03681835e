"""Unit of work: all rows that one transaction can see, on one connection."""

from typing import Self

from sqlalchemy import Connection

from app.adapters.sqlite.aging_rows import SqlAgingRows
from app.adapters.sqlite.alias_lookup import AliasLookup
from app.adapters.sqlite.audit_rows import SqlAuditRows
from app.adapters.sqlite.chat_timer_rows import SqlChatTimerRows
from app.adapters.sqlite.chat_timer_table import ChatTimerTable
from app.adapters.sqlite.consent_rows import SqlConsentRows
from app.adapters.sqlite.contact_rows import SqlContactRows
from app.adapters.sqlite.contact_table import ContactTable
from app.adapters.sqlite.history_rows import SqlHistoryRows
from app.adapters.sqlite.identity_merge import IdentityMerge
from app.adapters.sqlite.identity_rows import SqlIdentityRows
from app.adapters.sqlite.notification_rows import SqlNotificationRows
from app.adapters.sqlite.number_rows import SqlNumberRows
from app.adapters.sqlite.opt_out_rows import SqlOptOutRows
from app.adapters.sqlite.order_rows import SqlOrderRows
from app.adapters.sqlite.reply_rows import SqlReplyRows
from app.adapters.sqlite.retention_rows import SqlRetentionRows
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.sealing_rows import SqlSealingRows
from app.adapters.sqlite.session_rows import SqlSessionRows
from app.adapters.sqlite.setting_rows import SqlSettingRows
from app.adapters.sqlite.template_rows import SqlTemplateRows
from app.adapters.sqlite.timestamp_rows import SqlTimestampRows


class SqlRows:
    """Rows of all tables on one connection."""

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        contacts, timers = (
            ContactTable(connection, given.tables, given.cells),
            ChatTimerTable(connection, given),
        )
        self._aliases = AliasLookup(connection, given.tables, given.cells)
        self.identities = SqlIdentityRows(
            connection,
            given,
            IdentityMerge(connection, given.tables, contacts, timers, self._aliases),
            self._aliases,
        )
        self.notifications = SqlNotificationRows(connection, given, self.identities)
        self.aging = SqlAgingRows(connection, given)
        self.orders = SqlOrderRows(connection, given, self._aliases)
        self.templates = SqlTemplateRows(connection, given)
        self.sessions = SqlSessionRows(connection, given)
        self.histories = SqlHistoryRows(connection, given)
        self.numbers = SqlNumberRows(connection, given)
        self.contacts = SqlContactRows(contacts, self.identities, given.clock)
        self.chat_timers = SqlChatTimerRows(timers, self.identities)
        self.audit = SqlAuditRows(connection, given)
        self.settings = SqlSettingRows(connection, given.cells)
        self.opt_outs = SqlOptOutRows(connection, given, self._aliases)
        self.replies = SqlReplyRows(connection, given, self._aliases)
        self.consents = SqlConsentRows(connection, given, self._aliases)
        self.retention = SqlRetentionRows(connection, given, self._aliases)
        self.timestamps = SqlTimestampRows(connection, given)
        self.sealing = SqlSealingRows(connection, given, self.settings)

    def refreshed(self) -> Self:
        """Return these rows without what they remember: another connection may have changed it."""
        self.forget()
        return self

    def forget(self) -> None:
        self._aliases.forget()
