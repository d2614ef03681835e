"""Says where a start of the program keeps its state."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from app import paths
from app.bootstrap.options import Options


@contextmanager
def state_folder(options: Options) -> Iterator[Path]:
    """The named folder or the usual one; a training whose world ends with it leaves nothing behind either.

    What a former world's phones were told means nothing to new ones, so such a training never goes on with it.
    """
    if options.own_simulator and options.data_dir is None:
        with TemporaryDirectory(prefix="coco-balcao-", ignore_cleanup_errors=True) as made:
            yield Path(made).absolute()
    else:
        yield (options.data_dir or paths.data_folder(training=options.training)).absolute()
