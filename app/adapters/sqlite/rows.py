"""Everything one transaction can see, on one connection."""

from sqlalchemy import Connection

from app.adapters.sqlite.consent_rows import SqlConsentRows
from app.adapters.sqlite.contact_rows import SqlContactRows
from app.adapters.sqlite.notification_rows import SqlNotificationRows
from app.adapters.sqlite.number_rows import SqlNumberRows
from app.adapters.sqlite.opt_out_rows import SqlOptOutRows
from app.adapters.sqlite.order_rows import SqlOrderRows
from app.adapters.sqlite.reply_rows import SqlReplyRows
from app.adapters.sqlite.retention_rows import SqlRetentionRows
from app.adapters.sqlite.session_rows import SqlSessionRows
from app.adapters.sqlite.setting_rows import SqlSettingRows
from app.adapters.sqlite.tables import Tables
from app.adapters.sqlite.template_rows import SqlTemplateRows
from app.ports.clock import Clock


class SqlRows:
    def __init__(self, connection: Connection, tables: Tables, clock: Clock) -> None:
        self.notifications = SqlNotificationRows(connection, tables)
        self.orders = SqlOrderRows(connection, tables, clock)
        self.templates = SqlTemplateRows(connection, tables, clock)
        self.sessions = SqlSessionRows(connection, tables, clock)
        self.numbers = SqlNumberRows(connection, tables)
        self.contacts = SqlContactRows(connection, tables)
        self.settings = SqlSettingRows(connection)
        self.opt_outs = SqlOptOutRows(connection, tables)
        self.replies = SqlReplyRows(connection, tables)
        self.consents = SqlConsentRows(connection, tables)
        self.retention = SqlRetentionRows(connection, tables)
