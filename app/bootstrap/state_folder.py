"""Says where a start of the program keeps its state."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from app import paths
from app.bootstrap.options import Options
from app.domain.errors import DataFolderRefusedError


@contextmanager
def state_folder(options: Options) -> Iterator[Path]:
    """The named folder or the usual one; a training whose world ends with it leaves nothing behind either.

    What a former world's phones were told means nothing to new ones, so such a training never goes on with it.
    Raises NoHomeError, DataFolderRefusedError.
    """
    if options.own_simulator and options.data_dir is None:
        with _temporary_folder() as made:
            yield Path(made).absolute()
    else:
        yield _absolute(options.data_dir or paths.data_folder(training=options.training))


def _temporary_folder() -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(prefix="coco-balcao-", ignore_cleanup_errors=True)
    except OSError as error:
        raise DataFolderRefusedError(reason="no_temporary") from error


def _absolute(folder: Path) -> Path:
    """Raises DataFolderRefusedError where we stand in a folder that is gone."""
    try:
        return folder.absolute()
    except OSError as error:
        raise DataFolderRefusedError(reason="not_writable") from error
