"""Errors that end the program: one sentence and the exit code 2."""

from app.domain.errors.root import CocoLokoError


class FatalError(CocoLokoError):
    """The program cannot go on; it ends with a sentence and the exit code 2."""


class BadSettingError(FatalError):
    code = "bad_setting"


class SidecarMissingError(FatalError):
    code = "sidecar_missing"


class SidecarOutdatedError(FatalError):
    code = "sidecar_outdated"


class SimulatorUnreachableError(FatalError):
    code = "simulator_unreachable"


class AddressRefusedError(FatalError):
    code = "address_refused"


class PortRefusedError(FatalError):
    code = "port_refused"


class DatabaseUnreadableError(FatalError):
    code = "database_unreadable"


class DatabaseHeldError(FatalError):
    """The database stayed busy during the start, which needs it."""

    code = "database_held"


class DatabaseMissingError(FatalError):
    """There is no database to copy."""

    code = "database_missing"


class DatabaseVanishedError(FatalError):
    """The folder once held a shop's database: an empty one in its place would forget every opt-out."""

    code = "database_vanished"


class ErasingError(FatalError):
    """A copy made now would keep the data that is just being erased."""

    code = "erasing"


class BackupRefusedError(FatalError):
    """`facts['reason']` is exists, not_writable, missing, unreadable, damaged, used or no_phrase."""

    code = "backup_refused"


class DatabaseNewerError(FatalError):
    code = "database_newer"


class DatabaseIsRealError(FatalError):
    code = "database_is_real"


class DatabaseIsTrainingError(FatalError):
    code = "database_is_training"


class FormerTrainingError(FatalError):
    """Former training: its phones are gone with the simulator in which they were messaged."""

    code = "former_training"


class DataFolderInUseError(FatalError):
    code = "data_folder_in_use"


class DataFolderRefusedError(FatalError):
    """`facts['reason']` is not_writable, read_only, is_a_file, no_room, no_log, no_locks or no_temporary."""

    code = "data_folder_refused"


class NoHomeError(FatalError):
    """The system names no home folder of this user, and no data folder was named."""

    code = "no_home"


class ProgramIncompleteError(FatalError):
    """A file that the program brings is missing or cut short."""

    code = "program_incomplete"


class DiskFullError(FatalError):
    code = "disk_full"


class KeyMissingError(FatalError):
    """The database is sealed and its device key cannot be found: never replaced by a new key."""

    code = "key_missing"


class WrongKeyError(FatalError):
    code = "wrong_key"


class BadKeyError(FatalError):
    """A key was given in a form that is no key."""

    code = "bad_key"


class NoKeyPlaceError(FatalError):
    """No keyring, no key in the environment and no passphrase: no place to store the device key."""

    code = "no_key_place"


class NoScreenError(FatalError):
    """`facts['reason']` is unreachable, libraries or unknown; without one no screen is named at all."""

    code = "no_screen"
