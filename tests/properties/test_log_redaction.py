"""Nothing that looks personal or secret gets through the log's redaction, wherever it stands (X4)."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.system.log_redaction import MASK, redacted, redacted_value

around = st.text(max_size=40)
areas = st.integers(11, 99).map(str)
locals_ = st.integers(2_000_0000, 9_9999_9999).map(str)


@st.composite
def phones(draw: st.DrawFn) -> str:
    area, local = draw(areas), draw(locals_)
    form = draw(
        st.sampled_from(
            [
                "+55{a}{l}",
                "55{a}{l}",
                "{a}{l}",
                "({a}) {h}-{t}",
                "+55 {a} {h}-{t}",
                "{a} {h} {t}",
                "0{a}.{h}.{t}",
                "{l}",
            ]
        )
    )
    return form.format(a=area, l=local, h=local[:-4], t=local[-4:])


addresses = st.builds(
    lambda number, device, server: f"{number}{device}@{server}",
    st.integers(10**9, 10**15),
    st.sampled_from(["", ":0", ":12"]),
    st.sampled_from(["s.whatsapp.net", "lid", "hosted.lid", "g.us", "c.us"]),
)
keys = st.one_of(
    st.binary(min_size=24, max_size=64).map(lambda key: base64.b64encode(key).decode()),
    st.binary(min_size=16, max_size=64).map(bytes.hex),
    st.binary(min_size=16, max_size=32).map(lambda key: key.hex(" ")),
    st.binary(min_size=24, max_size=48).map(
        lambda key: "eyJ" + base64.urlsafe_b64encode(key).decode() + ".eyJ9.x"
    ),
)
secrets_ = st.one_of(phones(), addresses, keys)


@pytest.mark.requirement("X4")
@given(before=around, secret=secrets_, after=around)
def test_a_secret_never_survives_inside_a_text(before: str, secret: str, after: str) -> None:
    assert secret not in redacted(f"{before}{secret}{after}")
    assert redacted(f"for {secret} now").replace("(", "") == f"for {MASK} now"


@pytest.mark.requirement("X4")
@given(secret=secrets_, name=st.text(max_size=10))
def test_a_secret_never_survives_inside_a_field(secret: str, name: str) -> None:
    entry = {name: [{secret: secret}, (secret,), secret.encode(), ValueError(secret)]}
    assert secret not in json.dumps(redacted_value(entry), ensure_ascii=False)


@given(number=st.integers(10**7, 10**15))
def test_a_number_as_long_as_a_phone_is_masked_in_a_field(number: int) -> None:
    assert redacted_value({"n": number}) == {"n": MASK}


@pytest.mark.parametrize(
    "text",
    [
        "the sidecar has ended with code 137",
        "sent 3EB0A1B2C3D4E5F6A7B8C9 at 2026-01-10T15:00:01.250Z",
        "order 5b0f4e0c-6a57-5d0e-9a3e-0c6d7f1f7c11 took 1250 ms",
        "listening on 127.0.0.1:54321 since 2026-01-10 15:00:01",
        "wire_version 1, 4194304 bytes",
        "the sidecar was not started: FileNotFoundError, OSError, JSON",
        "Failed to decrypt; Session closed",
        "stop_failed Pruner.run",
        "QObject::connect: QTimer, QMainWindow",
    ],
)
def test_what_is_harmless_stays_readable(text: str) -> None:
    assert redacted(text) == text
