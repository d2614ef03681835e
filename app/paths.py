"""Where things lie: the data folder of a shop or a training, and what the program brings along."""

import sys
from pathlib import Path

import platformdirs

from app.domain.errors import NoHomeError

_NAME = "coco-loko-balcao"


def data_folder(*, training: bool) -> Path:
    """The folder that is used when none is named; a training never shares the shop's. Raises NoHomeError."""
    try:
        folder = platformdirs.user_data_path(_NAME, appauthor=False)
    except (RuntimeError, OSError) as error:
        raise NoHomeError from error
    if not folder.is_absolute():
        raise NoHomeError
    return folder / "treinamento" if training else folder / "loja"


def version_marks() -> Path:
    """Outside the data folder, so that a copy of that folder does not bring its own."""
    return platformdirs.user_state_path(_NAME, appauthor=False) / "versions"


def compile_cache() -> Path | None:
    """The folder of Node's compiled code, one for all shops and trainings; None where a person has no home."""
    try:
        folder = platformdirs.user_cache_path(_NAME, appauthor=False)
    except (RuntimeError, OSError):
        return None
    return folder / "node" if folder.is_absolute() else None


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
