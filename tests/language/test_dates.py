from datetime import date

import pytest

from tidings.language.dates import days_label, days_title, months_title, zone_name
from tidings.language.locale import reader_locale

WEEK = date(2026, 11, 9), date(2026, 11, 15)
TWO_MONTHS = date(2026, 9, 28), date(2026, 10, 4)
TWO_YEARS = date(2026, 12, 28), date(2027, 1, 3)
DAY = date(2026, 11, 9), date(2026, 11, 9)
NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)
AUTUMN = date(2026, 9, 1), date(2026, 10, 31)


@pytest.mark.parametrize(
    ("days", "title", "label"),
    [
        (WEEK, "Mon 9 – Sun 15 November 2026", "9 – 15 Nov"),
        (TWO_MONTHS, "Mon 28 September – Sun 4 October 2026", "28 Sep – 4 Oct"),
        (TWO_YEARS, "Mon 28 December 2026 – Sun 3 January 2027", "28 Dec – 3 Jan"),
        (DAY, "Monday 9 November 2026", "9 Nov"),
    ],
)
@pytest.mark.parametrize("tag", ["en", "en-GB"])
def test_english(days, title, label, tag):
    assert days_title(*days, reader_locale(tag)) == title
    assert days_label(*days, reader_locale(tag)).replace("Sept", "Sep") == label


@pytest.mark.parametrize(
    ("tag", "days", "title"),
    [
        ("es", WEEK, "lun, 9 – dom, 15 nov 2026"),
        ("es", TWO_MONTHS, "lun, 28 sept – dom, 4 oct 2026"),
        ("es-CO", WEEK, "lun 9 al dom 15 de nov de 2026"),
        ("es-419", WEEK, "lun, 9 – dom, 15 de nov de 2026"),
        ("pt", WEEK, "seg., 9 – dom., 15 de nov. de 2026"),
        ("pt", TWO_MONTHS, "seg., 28 de set. – dom., 4 de out. de 2026"),
        ("pt-PT", WEEK, "segunda, 09/11 – domingo, 15/11/2026"),
        ("es", DAY, "lunes, 9 de noviembre de 2026"),
        ("de", WEEK, "Mo., 9. – So., 15. Nov. 2026"),
        ("de", DAY, "Montag, 9. November 2026"),
        ("tr", WEEK, "9 Kas 2026 Pzt – 15 Kas 2026 Paz"),
        ("ja", TWO_YEARS, "2026年12月28日(月)～2027年1月3日(日)"),
        ("ar", WEEK, "الاثنين، 9 – الأحد، 15 نوفمبر، 2026"),
    ],
)
def test_other_languages_have_their_own_order(tag, days, title):
    # CLDR sets thin or narrow spaces about some dashes; which, changes with its releases.
    spaced = " ".join(days_title(*days, reader_locale(tag)).replace("\u2009", " ").split())
    assert spaced == title


@pytest.mark.parametrize(
    ("tag", "one", "two"),
    [
        ("en", "November 2026", "September – October 2026"),
        ("es", "noviembre de 2026", "septiembre–octubre de 2026"),
        ("de", "November 2026", "September–Oktober 2026"),
        ("ja", "2026年11月", "2026年9月～10月"),
    ],
)
def test_months(tag, one, two):
    assert months_title(*NOVEMBER, reader_locale(tag)) == one
    assert months_title(*AUTUMN, reader_locale(tag)).replace("\u2009", " ") == two


@pytest.mark.parametrize(
    ("tag", "label"), [("es", "9–15 nov"), ("de", "9.–15. Nov."), ("ja", "11月9日～15日")]
)
def test_labels(tag, label):
    assert days_label(*WEEK, reader_locale(tag)) == label


def test_months_of_two_years_name_both():
    assert (
        months_title(date(2026, 12, 1), date(2027, 1, 31), reader_locale("en"))
        == "December 2026 – January 2027"
    )


@pytest.mark.parametrize(
    ("tag", "zone", "name"),
    [
        ("en", "America/Bogota", "Bogota time"),
        ("es-CO", "America/Bogota", "hora de Bogotá"),
        ("es", "America/New_York", "hora de Nueva York"),
        ("pt", "America/Sao_Paulo", "horário de São Paulo"),
        ("en", "America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("en", "Asia/Calcutta", "Kolkata time"),
    ],
)
def test_a_time_zone_is_called_by_its_city(tag, zone, name):
    assert zone_name(zone, reader_locale(tag)) == name


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Etc/GMT+5", "GMT"])
def test_a_time_zone_that_lies_nowhere_keeps_its_name(zone):
    assert zone_name(zone, reader_locale("es")) == zone


def test_a_time_zone_that_babel_does_not_know_keeps_its_name():
    assert zone_name("America/Nowhere", reader_locale("es")) == "America/Nowhere"
