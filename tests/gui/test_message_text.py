"""Conversion of WhatsApp's markup to HTML, with foreign markup escaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.message_text import message_html, message_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Oi *João Silva*!", "Oi <b>João Silva</b>!"),
        ("_já vai_ ~não~", "<i>já vai</i> <s>não</s>"),
        ("_*os dois*_", "<i><b>os dois</b></i>"),
        ("```a *b*```", "<code>a *b*</code>"),
        ("2*3*4 e nome_de_arquivo_x", "2*3*4 e nome_de_arquivo_x"),
        ("* solto * e **", "* solto * e **"),
        ("_nome_de_arquivo_ e *2*3*", "<i>nome_de_arquivo</i> e <b>2*3</b>"),
        ("*duas\nlinhas*", "*duas<br>linhas*"),
    ],
)
def test_whatsapps_marks_are_shown_as_type(text: str, shown: str) -> None:
    assert message_html(text) == shown


@given(st.text(alphabet=st.sampled_from("<>&\"'*_~`/ab \n")))
def test_no_tag_but_ours_ever_comes_out(text: str) -> None:
    left = message_html(text)
    for tag in ("b", "i", "s", "code"):
        left = left.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    left = left.replace("<br>", "")
    assert "<" not in left
    assert ">" not in left


def test_a_list_of_chats_shows_words_alone_on_one_line() -> None:
    assert message_line("*Coco <b>*\n_pronto_!  ok") == "Coco <b> pronto! ok"
