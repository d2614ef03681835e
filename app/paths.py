"""Where things lie: the data folder of a shop or a training, and what the program brings along."""

import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs

from app.domain.errors import NoHomeError

_NAME = "coco-loko-balcao"


def data_folder(*, training: bool) -> Path:
    """The folder that is used when none is named; a training never shares the shop's. Raises NoHomeError."""
    folder = _of_person(platformdirs.user_data_path)
    if folder is None:
        raise NoHomeError
    return folder / "treinamento" if training else folder / "loja"


def version_marks() -> Path | None:
    """Outside the data folder, so that a copy of that folder does not bring its own; None without a home."""
    folder = _of_person(platformdirs.user_state_path)
    return folder / "versions" if folder else None


def compile_cache() -> Path | None:
    """The folder of Node's compiled code, one for all shops and trainings; None where a person has no home."""
    folder = _of_person(platformdirs.user_cache_path)
    return folder / "node" if folder else None


def _of_person(find: Callable[..., Path]) -> Path | None:
    """Our part of a folder that lies in a person's home; None where there is no home."""
    try:
        folder = find(_NAME, appauthor=False)
    except (RuntimeError, OSError):
        return None
    return folder if folder.is_absolute() else None


def resources() -> Path:
    """The folder `resources`, in a checkout or in a frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    return (Path(frozen) if frozen else Path(__file__).parents[1]) / "resources"


def sidecar_bundle() -> Path:
    return resources() / "whatsapp" / "dist" / "sidecar.mjs"


def simulator_bundle() -> Path:
    return resources() / "whatsapp" / "dist" / "simulator.mjs"


def sentences(language: str) -> Path:
    return resources() / "i18n" / f"sentences.{language}.json"


def default_templates() -> Path:
    return resources() / "templates" / "pt-BR.json"


def fonts() -> Path:
    return resources() / "fonts"


def invitation_words() -> Path:
    return resources() / "templates" / "invitation.pt-BR.json"


def opt_out_texts() -> Path:
    return resources() / "templates" / "opt_out.pt-BR.json"
