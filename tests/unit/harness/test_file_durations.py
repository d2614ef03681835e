"""Sum of each test file's seconds, and the list of slow files in quality.md."""

from tests.harness.file_durations import QUALITY, ROOT, FileDurations, listed_slow_files


def test_slow_files_names_the_files_over_the_limit_slowest_first() -> None:
    durations = FileDurations()
    for node_id, seconds in (
        ("a.py::one", 40.0),
        ("a.py::two[x::y]", 30.0),
        ("b.py::one", 90.0),
        ("c.py::one", 60.0),
    ):
        durations.add(node_id, seconds)
    assert durations.slow_files({"b.py"}) == ["90 s: b.py", "70 s: a.py, which is missing in quality.md"]


def test_listed_slow_files_counts_a_file_only_when_its_reason_stands_there() -> None:
    quality = (
        "## Slow test files\n\n| `tests/a.py` | 70 s | starts a real Node for each test |\n"
        "| `tests/b.py` | 70 s |  |\n\n## Soak\n| `tests/c.py` | 70 s | starts a real Node for each test |\n"
    )
    assert listed_slow_files(quality) == {"tests/a.py"}


def test_listed_slow_files_are_there() -> None:
    listed = listed_slow_files(QUALITY.read_text(encoding="utf-8"))
    assert listed
    assert [file for file in listed if not (ROOT / file).is_file()] == []
