"""Services of access: gate, audit log, recovery and reset code, as front ends are given them."""

from dataclasses import dataclass

from app.services.access.audit_log import AuditLog
from app.services.access.gate import AccessGate
from app.services.access.pin_reset_code import PinResetCode
from app.services.access.recovery import Recovery


@dataclass(frozen=True, slots=True)
class AccessServices:
    gate: AccessGate
    audit: AuditLog
    recovery: Recovery
    reset_code: PinResetCode
