"""Errors that end the program: one sentence and the exit code 2."""

from app.domain.errors.root import CocoLokoError


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
    """The database stayed busy during the start, which needs it."""

    code = "database_held"


class DatabaseMissingError(StopError):
    """There is no database to copy."""

    code = "database_missing"


class DatabaseVanishedError(StopError):
    """The folder once held a shop's database: an empty one in its place would forget every opt-out."""

    code = "database_vanished"


class ErasingError(StopError):
    """A copy made now would keep the data that is just being erased."""

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
    """Former training: its phones are gone with the simulator in which they were messaged."""

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
    """The database is sealed and its device key cannot be found: never replaced by a new key."""

    code = "key_missing"


class WrongKeyError(StopError):
    code = "wrong_key"


class BadKeyError(StopError):
    """A key was given in a form that is no key."""

    code = "bad_key"


class NoKeyPlaceError(StopError):
    """No keyring, no key in the environment and no passphrase: no place to store the device key."""

    code = "no_key_place"


class NoScreenError(StopError):
    """`facts['reason']` is unreachable, libraries or unknown; without one no screen is named at all."""

    code = "no_screen"
