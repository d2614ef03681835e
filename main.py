"""Entry point of a checkout."""

import gc
import sys


def main() -> int:
    """Run the program and return the exit code; a Python without its dependencies is refused with a sentence too."""
    # Two hundred collections during the imports would find no garbage: a tenth of the start. The program enables
    # collection again once it is open.
    gc.disable()
    try:
        from app.cli import main as run  # noqa: PLC0415 - what is missing is missed here
    except (ImportError, SyntaxError) as error:
        missing = getattr(error, "name", None) or type(error).__name__
        version = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write(
            f"O Python {version} deste computador não tem tudo de que o programa precisa ({missing}). "
            "Abra com “uv run main.py” ou com “sh packaging/dev demo”.\n"
        )
        return 2
    return run()


if __name__ == "__main__":
    raise SystemExit(main())
