"""Command line: parses the options, runs the program, ends a refusal with a sentence."""

import argparse
import os
import re
import sys
import traceback
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from app import bootstrap
from app.bootstrap import Options
from app.domain.errors import BadSettingError, CocoLokoError

_STOPPED = 2
_INCOMPLETE = "Falta uma parte do programa: as frases dele. Instale o programa de novo."
# Exit code that a shell reports for a program ended by SIGPIPE.
_UNHEARD = 141
_MOST_ORDERS = 5000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    0 done, 1 a rush in which not every message was shown once or a self-test that failed, 2 refused, 130 interrupted,
    141 output without a reader.
    """
    _open_missing_streams()
    _speak_utf8()
    try:
        code = _run(arguments)
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        # Remaining output is discarded, or Python would report the broken pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNHEARD
    return code


def _open_missing_streams() -> None:
    """Replace streams that were closed before the start: input is empty, output is discarded.

    Otherwise the next file that is opened, the database perhaps, would get the stream's number and receive printed
    text.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for good


def _speak_utf8() -> None:
    """Write UTF-8, so that accents and ticks are printed in every encoding that a terminal declares."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _run(arguments: Sequence[str] | None) -> int:
    interrupted = "interrupted"
    try:
        options = _options(arguments)
        if options.own_simulator:
            interrupted = "interrupted_training"
        return bootstrap.run(options)
    except CocoLokoError as error:
        _tell(error)
        return _STOPPED
    except KeyboardInterrupt:
        sys.stderr.write(bootstrap.sentences().say("headless", interrupted) + "\n")
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a start ends in a sentence, never in a traceback
        _tell(CocoLokoError(), f" ({type(error).__name__}, {_place(error)})")
        return _STOPPED


def _tell(error: CocoLokoError, place: str = "") -> None:
    try:
        said = str(bootstrap.sentences().of_error(error))
    except (OSError, ValueError, LookupError):
        said = _INCOMPLETE
    sys.stderr.write(f"{said}{place}\n")


def _place(error: Exception) -> str:
    """Return where the error was raised; its message may name a customer."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _options(arguments: Sequence[str] | None) -> Options:
    read = _parser().parse_args(arguments)
    return Options(
        demo=read.demo,
        headless=read.headless,
        orders=read.orders,
        seed=read.seed,
        pace=read.pace,
        as_json=read.json,
        data_dir=read.data_dir,
        simulated_whatsapp=read.simulated_whatsapp,
        self_test=read.self_test,
        backup=read.backup,
        restore=read.restore,
        new_database=read.new_database,
        reset_pin=read.reset_pin,
        recover=read.recover,
    )


def _parser() -> argparse.ArgumentParser:
    whole = _Parser(
        prog="coco-balcao",
        description="Avisos de pedidos por WhatsApp, uma vez cada um.",
        formatter_class=_Formatter,
        add_help=False,
    )
    parser = whole.add_argument_group("opções")
    parser.add_argument("-h", "--help", action="help", help="mostra esta ajuda e termina")
    parser.add_argument(
        "--demo", action="store_true", help="treinamento: WhatsApp simulado e pedidos simulados"
    )
    parser.add_argument("--headless", action="store_true", help="sem janela")
    parser.add_argument("--orders", type=_count, default=20, metavar="N", help="pedidos do treinamento (20)")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="a mesma semente dá os mesmos pedidos"
    )
    parser.add_argument(
        "--pace", action="store_true", help="treinamento com o ritmo da loja, e não o mais rápido possível"
    )
    parser.add_argument("--json", action="store_true", help="a última linha é o resumo em JSON")
    parser.add_argument(
        "--data-dir", type=_folder, metavar="PASTA", help="onde fica tudo o que o programa guarda"
    )
    parser.add_argument(
        "--simulated-whatsapp", metavar="ws://127.0.0.1:PORTA/ws/chat", help="um simulador já iniciado"
    )
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="confere o programa inteiro neste computador, sem tocar na loja",
    )
    _add_copies(parser)
    return whole


def _add_copies(parser: argparse._ArgumentGroup) -> None:
    copies = parser.add_mutually_exclusive_group()
    copies.add_argument(
        "--backup",
        type=_file,
        metavar="ARQUIVO",
        help="grava uma cópia do banco, mesmo com o programa aberto",
    )
    copies.add_argument(
        "--restore", type=_file, metavar="ARQUIVO", help="põe uma cópia no lugar do banco e termina"
    )
    copies.add_argument(
        "--new-database",
        action="store_true",
        help="começa do zero, de propósito, onde o banco não está mais; um que existe fica como está",
    )
    copies.add_argument(
        "--recover",
        action="store_true",
        help="lê a frase de recuperação da entrada e guarda a chave do banco neste computador",
    )
    copies.add_argument(
        "--reset-pin",
        action="store_true",
        help="tira um PIN esquecido: desconecta os números e volta textos e ajustes aos de fábrica; a fila fica",
    )


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or "uso: ")


class _Parser(argparse.ArgumentParser):
    """Argument parser with Portuguese errors in place of argparse's English ones."""

    def error(self, message: str) -> NoReturn:
        named = re.search(r"--?[\w-]+", message)
        which = f": {named[0]}" if named else ""
        self.exit(_STOPPED, f"Opção desconhecida ou incompleta{which}. Veja as opções com --help.\n")


def _folder(text: str) -> Path:
    """Parse a folder; an empty name would mean the working directory."""
    if not text.strip():
        raise BadSettingError(name="--data-dir", value=text, allowed="o nome de uma pasta")
    return Path(text)


def _file(text: str) -> Path:
    if not text.strip():
        raise BadSettingError(name="--backup / --restore", value=text, allowed="o nome de um arquivo")
    return Path(text)


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= _MOST_ORDERS:
        raise BadSettingError(name="--orders", value=text[:20], allowed=f"um número de 1 a {_MOST_ORDERS}")
    return int(text)
