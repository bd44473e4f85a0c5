"""The version of the time zones' rules: the system's where a zone is found there, else the package's."""

from importlib.metadata import version

from tidings.periods import zone_data
from tidings.periods.zone_data import zone_data_version


def _system(folder, monkeypatch, **files):
    (folder / "Europe").mkdir()
    (folder / "Europe" / "Paris").write_bytes(b"TZif2")
    for name, content in files.items():
        (folder / name.replace("_zi", ".zi").replace("PLUS_", "+")).write_text(content)
    monkeypatch.setattr(zone_data, "TZPATH", (str(folder / "none"), str(folder)))


def test_a_system_says_its_version_in_the_rules_themselves(tmp_path, monkeypatch):
    _system(tmp_path, monkeypatch, tzdata_zi="# version 2026a\n# This zic input file\n")
    assert zone_data_version("Europe/Paris") == "2026a"


def test_a_system_says_its_version_in_a_file_of_its_own(tmp_path, monkeypatch):
    _system(tmp_path, monkeypatch, PLUS_VERSION="2025c\n")
    assert zone_data_version("Europe/Paris") == "2025c"


def test_a_system_that_says_nothing_is_not_guessed_at(tmp_path, monkeypatch):
    _system(tmp_path, monkeypatch)
    assert zone_data_version("Europe/Paris") is None


def test_a_zone_that_the_system_lacks_is_found_in_the_package(tmp_path, monkeypatch):
    _system(tmp_path, monkeypatch, tzdata_zi="# version 2026a\n")
    assert zone_data_version("Europe/Amsterdam") == version("tzdata")
