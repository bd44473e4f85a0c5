"""What is one recipient's alone is found in content as it goes over the wire, and put back."""

import quopri

import pytest

from tidings.mail.personal import replace_word

ANA, BO = b"0123456789abcdef0123456789abcdef", b"fedcba9876543210fedcba9876543210"


@pytest.mark.parametrize("indent", range(80))
def test_a_word_is_replaced_wherever_a_line_ends_and_put_back(indent):
    text = b"x" * indent + b"\xc3\xa9 https://example.com/stop?t=" + ANA + b" or " + ANA
    content = quopri.encodestring(text).replace(b"\n", b"\r\n")
    other = replace_word(content, ANA, BO)
    assert quopri.decodestring(other) == text.replace(ANA, BO)
    assert [*map(len, other.split(b"\r\n"))] == [*map(len, content.split(b"\r\n"))]
    assert replace_word(other, BO, ANA) == content


def test_content_without_the_word_stays_as_it_is():
    content = b"0123456789abcdef0123456789abcde=\r\n\r\n" + BO
    assert replace_word(content, ANA, BO) == content
