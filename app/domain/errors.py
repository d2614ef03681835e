"""The surprises of the product, sorted by what happens next.

Each class has a stable `code`; the catalogue of sentences gives every code one Portuguese sentence and one action.
Details that help the reader of that sentence travel as `facts`, never a phone, a name, a text or a key.
"""

from typing import ClassVar


class CocoLokoError(Exception):
    """Root of the tree; never raised itself."""

    code: ClassVar[str] = "unexpected"

    def __init__(self, **facts: str | int) -> None:
        super().__init__(self.code)
        self.facts = facts


class RetryLaterError(CocoLokoError):
    """Passing trouble: the same call may succeed in a moment."""


class NotConnectedError(RetryLaterError):
    code = "not_connected"


class SidecarGoneError(RetryLaterError):
    code = "sidecar_gone"


class VersionUnkeptError(RetryLaterError):
    """The number by which an older copy of the database is known could not be read or kept; all else goes on."""

    code = "version_unkept"


class SidecarKeepsDyingError(SidecarGoneError):
    """It died so often that it is started only once a minute (S5)."""

    code = "sidecar_keeps_dying"


class DatabaseBusyError(RetryLaterError):
    """Another program holds the database file: a backup, a virus scanner. Nothing was changed."""

    code = "database_busy"


class TellPersonError(CocoLokoError):
    """The person who asked must change something; nothing was done."""


class InvalidPhoneError(TellPersonError):
    """`facts['reason']` is one of empty, letters, too_short, too_long, unknown_area, not_a_number."""

    code = "invalid_phone"


class PairingCodeRefusedError(TellPersonError):
    """WhatsApp gave no pairing code for this number, or did not say so in time (S1)."""

    code = "pairing_code_refused"


class CredentialsUnreadableError(TellPersonError):
    """What is kept of the session is no credentials of a form that this program knows: it has to be paired again."""

    code = "credentials_unreadable"


class UnknownVariableError(TellPersonError):
    code = "unknown_variable"


class UnclosedVariableError(TellPersonError):
    code = "unclosed_variable"


class TemplateTooLongError(TellPersonError):
    code = "template_too_long"


class TemplateEmptyError(TellPersonError):
    code = "template_empty"


class TemplateInactiveError(TellPersonError):
    code = "template_inactive"


class UnknownOrderError(TellPersonError):
    code = "unknown_order"


class UnknownReplyError(TellPersonError):
    """Nobody wrote this about the order, or WhatsApp hides the number of whoever did."""

    code = "unknown_reply"


class UnknownNotificationError(TellPersonError):
    code = "unknown_notification"


class NoNumberError(TellPersonError):
    """No number of the shop is paired, so nobody can write to it."""

    code = "no_number"


class PaperRefusedError(TellPersonError):
    """`facts['reason']` is ending or not_writable."""

    code = "paper_refused"


class NotAllowedNowError(TellPersonError):
    """The notification is in a state from which this act makes no sense."""

    code = "not_allowed_now"


class OvertakenError(TellPersonError):
    """The customer has been told of a later stage already."""

    code = "overtaken"


class OrderOverError(TellPersonError):
    """The order was cancelled, has expired or was deleted."""

    code = "order_over"


class OrderAheadError(TellPersonError):
    """The order has reached a later stage already, by other hands."""

    code = "order_ahead"


class AlreadyLeftError(TellPersonError):
    """Too late to take it back."""

    code = "already_left"


class OptedOutError(TellPersonError):
    """The customer asked for no more messages (X1)."""

    code = "opted_out"


class NotOptedOutError(TellPersonError):
    code = "not_opted_out"


class ReasonMissingError(TellPersonError):
    code = "reason_missing"


class ManagerNeededError(TellPersonError):
    code = "manager_needed"


class UnknownCommandError(TellPersonError):
    code = "unknown_command"


class BadFieldError(UnknownCommandError):
    """`facts['field']` is the name of the field that is missing or not accepted, never its value."""

    code = "bad_field"


class StopError(CocoLokoError):
    """The program cannot go on; it ends with a sentence and the exit code 2."""


class BadSettingError(StopError):
    code = "bad_setting"


class SidecarMissingError(StopError):
    code = "sidecar_missing"


class SidecarOutdatedError(StopError):
    code = "sidecar_outdated"


class SimulatorUnreachableError(StopError):
    code = "simulator_unreachable"


class AddressRefusedError(StopError):
    code = "address_refused"


class PortRefusedError(StopError):
    code = "port_refused"


class DatabaseUnreadableError(StopError):
    code = "database_unreadable"


class DatabaseHeldError(StopError):
    """The database stayed busy while the program was starting, which needs it."""

    code = "database_held"


class DatabaseMissingError(StopError):
    """There is nothing to make a copy of."""

    code = "database_missing"


class DatabaseVanishedError(StopError):
    """The folder once held a shop's database: an empty one in its place would forget whom not to tell."""

    code = "database_vanished"


class ErasingError(StopError):
    """A copy made now would keep what is just being erased."""

    code = "erasing"


class BackupRefusedError(StopError):
    """`facts['reason']` is exists, not_writable, missing, unreadable or damaged."""

    code = "backup_refused"


class DatabaseNewerError(StopError):
    code = "database_newer"


class DatabaseIsRealError(StopError):
    code = "database_is_real"


class DatabaseIsTrainingError(StopError):
    code = "database_is_training"


class FormerTrainingError(StopError):
    """A training whose phones are gone with the world in which they were told."""

    code = "former_training"


class DataFolderInUseError(StopError):
    code = "data_folder_in_use"


class DataFolderRefusedError(StopError):
    """`facts['reason']` is not_writable, read_only, is_a_file, no_room, no_log, no_locks or no_temporary."""

    code = "data_folder_refused"


class NoHomeError(StopError):
    """The system names no home folder of this user, and no data folder was named."""

    code = "no_home"


class ProgramIncompleteError(StopError):
    """A file that the program brings is missing or cut short."""

    code = "program_incomplete"


class DiskFullError(StopError):
    code = "disk_full"


class KeyMissingError(StopError):
    """The database is sealed and its device key is nowhere: never answered with a new key."""

    code = "key_missing"


class WrongKeyError(StopError):
    code = "wrong_key"


class BadKeyError(StopError):
    """A key was given in a form that is no key."""

    code = "bad_key"


class NoKeyPlaceError(StopError):
    """No keyring, no key in the environment and no passphrase: nowhere to keep the device key."""

    code = "no_key_place"


class NoScreenError(StopError):
    """`facts['reason']` is unreachable, libraries or unknown; without one no screen is named at all."""

    code = "no_screen"


class BrokenPromiseError(AssertionError):
    """Our own rules were broken: a defect, loud in tests and in the log."""


class ForbiddenTransitionError(BrokenPromiseError):
    """A notification was about to move in a way that the state machine does not know."""
