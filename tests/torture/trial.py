"""What all parts share: how a trial went, for how long it lasts, and the hostile words."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

LONG = "L" * 100_000

HOSTILE = (
    "</title></style>--><script>alert(1)</script>",
    "\"'><img src=https://x.invalid/p.png onerror=alert(1)>",
    "<svg onload=alert(1)><a href='javascript:alert(1)'>a</a>",
    "<iframe src=https://x.invalid/></iframe><base href=https://x.invalid/>",
    "<link rel=stylesheet href=//x.invalid><style>*{background:url(https://x.invalid/b)}</style>",
    "</textarea><meta http-equiv=refresh content='0;url=//x.invalid'>",
    "![p](https://x.invalid/m.png) [a](javascript:alert(1)) <https://x.invalid/>",
    "{{ 7*7 }}{% raw %}${TIDINGS_SMTP_URL}%(x)s{0}",
    "\u202egnp.exe\u202c\u2066a\u2067b\u2069\u200f",
    "a\0b\x1b[31m\x07\x85\u2028\ufeff",
    '=HYPERLINK("https://x.invalid")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "a\r\nBcc: eve@x.invalid\r\n\r\n<b>b",
    "=?utf-8?q?=0D=0ABcc:_eve@x.invalid?=",
    "Zoe\u0301\u0335 \U0001f468\u200d\U0001f469\u200d\U0001f467 \ufdd0\U000e0041",
    "'; DROP TABLE messages; --",
    "../../../etc/passwd",
    "__proto__",
    "nan",
    " ",
)
"""Words as they may stand in any text of the data: markup, controls, formulas, ends of lines, headers."""


@dataclass
class Trial:
    """How often a promise was put to the test, how often it was broken, and what was seen on the way."""

    tries: int = 0
    broken: int = 0
    seen: str = ""


def until(seconds: float) -> Iterator[None]:
    """Once, and then again until so many seconds are over."""
    end = time.monotonic() + seconds
    yield
    while time.monotonic() < end:
        yield


def scramble(text: str, chance: random.Random) -> str:
    """A text with some of its stretches taken out, doubled, or replaced by hostile words."""
    for _ in range(chance.randrange(1, 4)):
        begin = chance.randrange(len(text) + 1)
        end = min(len(text), begin + chance.randrange(12))
        put = chance.choice(
            ("", text[begin:end] * 2, chance.choice(HOSTILE), "\ud800", chance.choice("\"',:{}[]\n\t-&*!#0"))
        )
        text = text[:begin] + put + text[end:]
    return text
