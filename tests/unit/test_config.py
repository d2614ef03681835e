"""Settings of the design document: defaults, bounds, and the sentence of a refusal."""

from pathlib import Path

import pytest

from app.config import read_given, read_settings, unknown_settings
from app.domain.errors import BadSettingError
from app.domain.setting_sources import SettingSource, SourcedValue
from app.domain.setting_spec import SettingKind
from app.domain.settings import SETTINGS

pytestmark = pytest.mark.requirement("D4")


def test_without_any_setting_the_design_documents_values_hold(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert settings.WHATSAPP_SESSION_ID == "main"
    assert settings.NOTIFICATION_RETRY_ATTEMPTS == 3
    assert settings.MESSAGE_QUEUE_BATCH_SIZE == 10
    assert (settings.PACE_PER_MINUTE, settings.PACE_PER_CUSTOMER_HOUR) == (20, 10)
    assert (settings.more_session_ids, settings.WHATSAPP_TAKE_OVER) == ((), False)
    assert settings.WHATSAPP_SYSTEM_CERTIFICATES is False
    assert settings.connection_timeout.total_seconds() == 20
    assert settings.RETENTION_DAYS == 90


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text('MESSAGE_QUEUE_BATCH_SIZE = 5\nSHOP_NAME = "Açaí da Ana"\n')
    monkeypatch.setenv("MESSAGE_QUEUE_BATCH_SIZE", "7")
    settings = read_settings(tmp_path)
    assert (settings.MESSAGE_QUEUE_BATCH_SIZE, settings.SHOP_NAME) == (7, "Açaí da Ana")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WHATSAPP_SESSION_ID", "a b"),
        ("NOTIFICATION_RETRY_ATTEMPTS", "11"),
        ("NOTIFICATION_RETRY_ATTEMPTS", "três"),
        ("MESSAGE_QUEUE_BATCH_SIZE", "0"),
        ("CONNECTION_TIMEOUT_MS", "999"),
        ("PACE_PER_MINUTE", "61"),
        ("PACE_PER_MINUTE", "-1"),
        ("PACE_PER_CUSTOMER_HOUR", "0"),
        ("WHATSAPP_MORE_SESSION_IDS", "a,,b"),
        ("WHATSAPP_MORE_SESSION_IDS", "a,b,c,d,e"),
        ("WHATSAPP_TAKE_OVER", "talvez"),
        ("WHATSAPP_SYSTEM_CERTIFICATES", "talvez"),
        ("SHOP_AREA_CODE", "073"),
        ("SHOP_AREA_CODE", "20"),
        ("RETENTION_DAYS", "13"),
        ("RETENTION_DAYS", "366"),
        ("SHOP_NAME", ""),
        ("SHOP_NAME", " "),
        ("SHOP_NAME", "\u200b\u3164"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_what_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettingError) as refusal:
        read_settings(tmp_path)
    assert refusal.value.facts["name"] == name
    assert refusal.value.facts["value"] == value
    assert refusal.value.facts["allowed"]


def test_a_secret_that_is_too_short_is_refused_without_being_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHATSAPP_WEBHOOK_SECRET", "curto")
    with pytest.raises(BadSettingError) as refusal:
        read_settings(tmp_path)
    assert refusal.value.facts["name"] == "WHATSAPP_WEBHOOK_SECRET"
    assert "curto" not in str(refusal.value.facts)


@pytest.mark.requirement("Q9")
def test_further_numbers_are_named_once_and_never_the_default_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHATSAPP_MORE_SESSION_IDS", "second,main,third,second")
    assert read_settings(tmp_path).more_session_ids == ("second", "third")


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("isto não é = = toml")
    with pytest.raises(BadSettingError) as refusal:
        read_settings(tmp_path)
    assert refusal.value.facts["name"] == "config.toml"


def test_an_area_code_may_be_written_as_a_number(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("SHOP_AREA_CODE = 71\n")
    assert read_settings(tmp_path).SHOP_AREA_CODE == "71"


@pytest.mark.parametrize("name", ["NOTIFICATION_RETRY_ATTEMPTS", "SHOP_AREA_CODE", "UNDO_SECONDS"])
def test_yes_and_no_are_no_numbers(tmp_path: Path, name: str) -> None:
    (tmp_path / "config.toml").write_text(f"{name} = true\n")
    with pytest.raises(BadSettingError) as refusal:
        read_settings(tmp_path)
    assert refusal.value.facts["name"] == name


@pytest.mark.parametrize(
    "name", [name for name, spec in SETTINGS.items() if spec.kind is not SettingKind.CHOICE]
)
@pytest.mark.parametrize("value", ["[1]", "1.5", "inf", "1979-05-27", "0x" + "f" * 5000])
def test_config_file_is_refused_by_name_for_a_value_of_another_type(
    tmp_path: Path, name: str, value: str
) -> None:
    assert _refusal(tmp_path, f"{name} = {value}\n").facts["name"] == name


def test_config_file_may_have_the_line_ends_of_windows(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b'UNDO_SECONDS = 9\r\nSHOP_NAME = "Ana"\r\n')
    settings = read_settings(tmp_path)
    assert (settings.UNDO_SECONDS, settings.SHOP_NAME) == (9, "Ana")


def test_settings_in_the_environment_may_be_written_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("undo_seconds", " 9 ")
    assert read_settings(tmp_path).UNDO_SECONDS == 9


def test_given_settings_name_their_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text("UNDO_SECONDS = 9\nRETENTION_DAYS = 1\n")
    monkeypatch.setenv("RETENTION_DAYS", "20")
    assert read_given(tmp_path) == {
        "UNDO_SECONDS": SourcedValue(9, SettingSource.CONFIG_FILE),
        "RETENTION_DAYS": SourcedValue(20, SettingSource.ENVIRONMENT),
    }


def test_a_byte_order_mark_in_front_of_the_file_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("UNDO_SECONDS = 9\n", encoding="utf-8-sig")
    assert read_settings(tmp_path).UNDO_SECONDS == 9


def test_a_file_that_nobody_may_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text("")

    def refused(*_: object, **__: object) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(BadSettingError) as refusal:
        read_settings(tmp_path)
    assert (refusal.value.facts["name"], "possa ler" in str(refusal.value.facts["allowed"])) == (
        "config.toml",
        True,
    )


def _refusal(folder: Path, content: str | bytes) -> BadSettingError:
    (folder / "config.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadSettingError) as refusal:
        read_settings(folder)
    return refusal.value


@pytest.mark.requirement("Z7")
@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("PACE_PER_MINUT", "PACE_PER_MINUTE"),
        ("pace_per_minute", "PACE_PER_MINUTE"),
        ("PACE-PER-MINUTE", "PACE_PER_MINUTE"),
        ("TIME_TO_LIVE", "TIME_TO_LIVE_MINUTES"),
        ("SHOP_ADRESS", "SHOP_ADDRESS"),
    ],
)
def test_a_setting_is_refused_with_the_nearest_when_misspelled(
    tmp_path: Path, written: str, nearest: str
) -> None:
    facts = _refusal(tmp_path, f"{written} = 5\n").facts
    assert (facts["reason"], facts["name"], facts["nearest"]) == ("near", written, nearest)


@pytest.mark.requirement("Z7")
@pytest.mark.parametrize(
    ("content", "table"),
    [
        ("[loja]\nPACE_PER_MINUTE = 5\n", "loja"),
        ("[loja]\npace_per_minut = 5\n", "loja"),
        ("[loja.caixa]\nPACE_PER_MINUTE = 5\n", "loja.caixa"),
        ("[[loja]]\nPACE_PER_MINUTE = 5\n", "loja"),
        ("[pace]\nper_minute = 5\n", "pace"),
    ],
)
def test_a_setting_is_refused_when_it_stands_in_a_table(tmp_path: Path, content: str, table: str) -> None:
    facts = _refusal(tmp_path, content).facts
    assert (facts["reason"], facts["nearest"], facts["table"]) == ("in_table", "PACE_PER_MINUTE", table)


@pytest.mark.requirement("Z7")
def test_a_name_that_is_near_to_none_is_only_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("COR = 1\nUNDO_SECONDS = 9\n[loja]\nabre = 8\n[vazia]\n")
    assert read_settings(tmp_path).UNDO_SECONDS == 9
    assert unknown_settings(tmp_path) == ("COR", "loja.abre")


def test_a_setting_that_is_written_as_a_table_is_refused_by_its_name(tmp_path: Path) -> None:
    assert _refusal(tmp_path, "[SHOP_NAME]\n").facts["name"] == "SHOP_NAME"


def test_a_mistake_in_the_file_is_named_by_its_line(tmp_path: Path) -> None:
    facts = _refusal(tmp_path, "UNDO_SECONDS = 9\nSHOP_NAME = açaí\n").facts
    assert (facts["reason"], facts["line"]) == ("not_toml", "2")


@pytest.mark.requirement("Z5")
def test_a_file_in_utf_16_is_taken_when_its_mark_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('SHOP_NAME = "Açaí"\n', encoding="utf-16")
    assert read_settings(tmp_path).SHOP_NAME == "Açaí"


@pytest.mark.requirement("Z5")
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le"])
def test_a_file_is_refused_whole_when_its_encoding_is_ambiguous(tmp_path: Path, encoding: str) -> None:
    assert _refusal(tmp_path, 'SHOP_NAME = "Açaí"\n'.encode(encoding)).facts["reason"] == "encoding"


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(BadSettingError) as refusal:
        read_settings(tmp_path)
    assert refusal.value.facts["reason"] == "unreadable"


@pytest.mark.requirement("Z6")
@pytest.mark.parametrize(
    "content",
    [
        "UNDO_SECONDS = " + "1" * 5000,
        "[" + "a." * 3000 + "b]",
        "a." * 3000 + "b = 1",
        "a = " + "[" * 3000,
        "a = " + "{a=" * 600 + "1" + "}" * 600,
    ],
)
def test_a_file_without_measure_is_refused_as_no_settings(tmp_path: Path, content: str) -> None:
    assert _refusal(tmp_path, content).facts["reason"] == "not_toml"
