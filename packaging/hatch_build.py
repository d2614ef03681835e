"""Build hook of hatchling: every installation of the project builds the Node bundles first."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Hatchling loads this file by its path, so its neighbours are not importable yet.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from whatsapp_bundles import BundleError, build_for_checkout


class WhatsAppBundlesHook(BuildHookInterface[Any]):
    """Hook before the wheel, editable or not, is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build changed bundles; a bundle that cannot be built ends the installation."""
        try:
            build_for_checkout(Path(self.root))
        except BundleError as error:
            raise SystemExit(f"coco-loko-balcao: {error}") from None
