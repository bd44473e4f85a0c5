import subprocess
import sys

import pytest
from babel import UnknownLocaleError

from tidings.language.locale import reader_locale

MONTHS = """
import datetime, sys
from babel.dates import format_date
from tidings.language.locale import reader_locale
for tag in sys.argv[1:]:
    print(format_date(datetime.date(2026, 10, 15), "LLLL", reader_locale(tag)))
"""


def months(*tags):
    run = [sys.executable, "-X", "utf8", "-c", MONTHS, *tags]
    return subprocess.run(run, capture_output=True, encoding="utf-8", check=True).stdout.split()


def test_no_language_speaks_through_another():
    there = months("he", "ja", "de", "nb", "es-419", "en-GB", "en")
    back = months("en", "en-GB", "es-419", "nb", "de", "ja", "he")
    assert there == ["אוקטובר", "10月", "Oktober", "oktober", "octubre", "October", "October"]
    assert back == there[::-1]


def test_a_language_is_prepared_once():
    assert reader_locale("es-419") is reader_locale("es-419")


@pytest.mark.parametrize("tag", ["xx", "", "en_US"])
def test_unknown_languages_are_refused(tag):
    with pytest.raises((ValueError, UnknownLocaleError)):
        reader_locale(tag)
