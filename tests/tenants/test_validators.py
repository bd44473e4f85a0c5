import pytest
from pydantic_core import PydanticCustomError

from tidings.tenants.validators import (
    check_language,
    check_logo,
    check_mapping,
    check_name,
    check_notebook,
    check_source,
    check_time_zone,
    nearest,
    read_source_parameters,
)


def refused(check, value) -> str:
    with pytest.raises(PydanticCustomError) as error:
        check(value)
    assert error.value.context["remedy"]
    return error.value.context["remedy"]


@pytest.mark.parametrize("name", ["Demo Telecom", "株式会社デモ", "شركة", "A & B <GmbH>", "x" * 200])
def test_a_name_may_be_of_any_script(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "  ", "a\r\nBcc: b@example.com", "a\x00", "a\u2028b", "\ud800", "x" * 201, "=?utf-8?q?Acme?="],
)
def test_a_name_that_could_break_a_line_or_is_none_is_refused(name):
    refused(check_name, name)


@pytest.mark.parametrize("zone", ["UTC", "America/Bogota", "America/Argentina/Buenos_Aires", "Asia/Kolkata"])
def test_zones_of_the_database_are_accepted(zone):
    assert check_time_zone(zone) == zone


@pytest.mark.parametrize(
    ("zone", "remedy"),
    [
        ("Bogota", "write America/Bogota"),
        ("america/bogota", "write America/Bogota"),
        ("America/Bogotá", "write America/Bogota"),
        ("New York", "write America/New_York"),
        ("../../etc/passwd", "write an IANA name"),
        ("/etc/localtime", "write an IANA name"),
        ("", "write an IANA name"),
        ("America", "write"),
        ("localtime", "write"),
        ("x" * 10_000, "write an IANA name"),
    ],
)
def test_other_zones_are_refused_with_the_nearest(zone, remedy):
    assert refused(check_time_zone, zone).startswith(remedy)


@pytest.mark.parametrize("tag", ["en", "en-GB", "es", "es-419", "pt", "pt-BR", "pt-PT"])
def test_languages_are_bcp_47_tags(tag):
    assert check_language(tag) == tag


@pytest.mark.parametrize(
    "tag", ["", "xx", "en_US", "english", "../en", "root", "en\n", "en@posix", "e" * 999]
)
def test_other_languages_are_refused(tag):
    refused(check_language, tag)


@pytest.mark.parametrize("tag", ["ar", "zh-Hant", "no"])
def test_languages_that_reports_are_not_translated_into_are_refused_with_those_there_are(tag):
    remedy = refused(check_language, tag)
    assert "write one of en, es, pt," in remedy
    assert "make translations ADD=" in remedy


@pytest.mark.parametrize(
    "source",
    [
        "data/demo",
        "s3://bucket/prefix/a:b@c",
        "postgresql://user@host/db",
        "postgresql://user:${PASSWORD}@host:5432/db?schema=tidings",
        "postgresql://${USER}:${PASSWORD}@host/db?application_name=a@b",
        "postgresql://host:5432/db?application_name=a@b",
        "chatwoot+postgresql://u:${A}${B}@h/db?sslmode=require",
        "databricks://token:${TOKEN}@host",
        "${SOURCE}",
        "snowflake://u:${P}@account/db?token=${TOKEN}",
    ],
)
def test_sources_without_a_secret_are_accepted(source):
    assert check_source(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "postgresql://user:hunter2@host/db",
        "postgresql://user:hun/ter2@host/db",
        "postgresql://user:hun@ter2@host/db",
        "postgresql://user:${A}hunter2@host/db",
        "postgresql://user:${A}@hunter2@host/db",
        "postgresql://:hunter2@host/db",
        "chatwoot+postgresql://user:$hunter2@host/db",
        "postgresql://host/db?user=u&password=hunter2",
        "mysql://h/db?ssl_key_passwd=hunter2",
        "host=h password=hunter2",
        "s3://bucket?aws_secret_access_key=hunter2",
    ],
)
def test_a_secret_written_out_is_refused_and_not_repeated(source):
    assert "${NAME}" in refused(check_source, source)
    with pytest.raises(PydanticCustomError) as error:
        check_source(source)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("source", ["", " ", "data\nx", "data\x00"])
def test_a_source_is_one_line(source):
    refused(check_source, source)


@pytest.mark.parametrize("path", ["brand/demo.png", "demo.PNG", "a b/ü.png"])
def test_logos_are_png_files_inside_the_project(path):
    assert check_logo(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "/etc/x.png",
        "../x.png",
        "a/../../x.png",
        "a\\..\\x.png",
        "C:\\x.png",
        "C:x.png",
        "\\x.png",
        "https://h/x.png",
        "x.svg",
        "png",
        ".png",
        "x.png\n",
        "",
    ],
)
def test_other_logos_are_refused(path):
    refused(check_logo, path)


@pytest.mark.parametrize(
    "path", ["/etc/x.ipynb", "../x.ipynb", "C:\\x.ipynb", "https://h/x.ipynb", "x.py", ".ipynb"]
)
def test_a_layout_is_a_notebook_inside_the_project(path):
    assert check_notebook("notebooks/acme.ipynb") == "notebooks/acme.ipynb"
    refused(check_notebook, path)


def test_the_nearest_word_of_a_dictionary_is_its_value():
    assert nearest("Bogta", {"bogota": "America/Bogota", "lima": "America/Lima"}) == ["America/Bogota"]
    assert nearest("zzz", ["a", "b"]) == []


def test_a_mapping_is_a_file_of_sql_inside_the_project():
    assert check_mapping("sources/own.sql") == "sources/own.sql"
    for path in ("../own.sql", "/etc/own.sql", "sources/own.txt", "C:\\own.sql"):
        with pytest.raises(PydanticCustomError):
            check_mapping(path)


def test_source_parameters_are_pairs_of_short_words():
    assert read_source_parameters({"b": "x y", "a": "3"}) == (("a", "3"), ("b", "x y"))
    for value in ({"A": "3"}, {"a": "it's"}, {"a": ""}, {"a": {"b": "c"}}, ["a"], "a"):
        with pytest.raises(PydanticCustomError):
            read_source_parameters(value)
