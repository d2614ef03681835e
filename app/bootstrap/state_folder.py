"""Location of the program's state."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from app import paths
from app.adapters.system.data_folder import prepare_data_folder
from app.adapters.system.single_instance import SingleInstance
from app.bootstrap.options import Options
from app.domain.errors import DataFolderRefusedError


@contextmanager
def state_folder(options: Options) -> Iterator[Path]:
    """Yield the named data folder, the usual one, or a temporary one.

    A training with its own simulator is temporary: messages of a former world's phones are meaningless to new ones, so
    it is never continued. Raises NoHomeError, DataFolderRefusedError.
    """
    if options.own_simulator and options.data_dir is None:
        with _temporary_folder() as made:
            yield Path(made).absolute()
    else:
        yield _absolute(options.data_dir or paths.data_folder(training=options.training))


@contextmanager
def locked_folder(options: Options) -> Iterator[Path]:
    """Yield the state folder, prepared and locked for this process; raises FatalError where one of these refuses."""
    with state_folder(options) as folder:
        prepare_data_folder(folder)
        with SingleInstance(folder):
            yield folder


def _temporary_folder() -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(prefix="coco-balcao-", ignore_cleanup_errors=True)
    except OSError as error:
        raise DataFolderRefusedError(reason="no_temporary") from error


def _absolute(folder: Path) -> Path:
    """Return the absolute path; raises DataFolderRefusedError where the working directory is gone."""
    try:
        return folder.absolute()
    except OSError as error:
        raise DataFolderRefusedError(reason="not_writable") from error
