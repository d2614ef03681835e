"""Paths: the data folder of a shop or a training, and the program's own resources."""

import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs

from app.domain.errors import NoHomeError
from app.ports.sounds import Sound

_NAME = "coco-loko-balcao"


def data_folder(*, training: bool) -> Path:
    """Return the default data folder; a training never shares the shop's. Raises NoHomeError."""
    folder = _of_person(platformdirs.user_data_path)
    if folder is None:
        raise NoHomeError
    return folder / "treinamento" if training else folder / "loja"


def version_marks() -> Path | None:
    """Return the folder of version marks; None without a home.

    It is outside the data folder, so that a copy of that folder does not bring its own mark.
    """
    folder = _of_person(platformdirs.user_state_path)
    return folder / "versions" if folder else None


def compile_cache() -> Path | None:
    """Return the folder of Node's compile cache, one for all shops and trainings; None without a home."""
    folder = _of_person(platformdirs.user_cache_path)
    return folder / "node" if folder else None


def _of_person(find: Callable[..., Path]) -> Path | None:
    """Return our part of a folder in a person's home; None where there is no home."""
    try:
        folder = find(_NAME, appauthor=False)
    except (RuntimeError, OSError):
        return None
    return folder if folder.is_absolute() else None


def resources() -> Path:
    """Return the folder `resources`, in a checkout or in a frozen program."""
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


def sounds() -> dict[Sound, Path]:
    """Return the file of each sound."""
    return {sound: resources() / "sounds" / f"{sound}.wav" for sound in Sound}


def invitation_words() -> Path:
    return resources() / "templates" / "invitation.pt-BR.json"


def opt_out_texts() -> Path:
    return resources() / "templates" / "opt_out.pt-BR.json"


def own_number_texts() -> Path:
    return resources() / "templates" / "own_number.pt-BR.json"


def quick_answers() -> Path:
    return resources() / "templates" / "quick_answers.pt-BR.json"


def pickup_texts() -> Path:
    return resources() / "templates" / "pickup.pt-BR.json"
