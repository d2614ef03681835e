"""Command line in Portuguese: help and refusals."""

import pytest

from app.cli import main


def test_the_help_is_portuguese_from_its_first_word_to_its_last(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    said = capsys.readouterr().out
    assert (ended.value.code, said.split()[0]) == (0, "uso:")
    assert not [word for word in ("usage", "options", "show", "exit", "message") if word in said.lower()]


@pytest.mark.parametrize(
    ("arguments", "named"), [(["--nada"], "--nada"), (["--seed", "x"], "--seed"), (["--orders"], "--orders")]
)
def test_an_option_that_is_not_understood_is_named(
    capsys: pytest.CaptureFixture[str], arguments: list[str], named: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert (
        capsys.readouterr().err == f"Opção desconhecida ou incompleta: {named}. Veja as opções com --help.\n"
    )
