"""Recipients in a file of their own."""

import pytest

from tidings.errors import ParametersError
from tidings.tenants.recipients import read_recipients
from tidings.tenants.tenant import load_tenant


@pytest.fixture
def project(tmp_path):
    """A project with the tenant acme, whose recipients are in recipients/acme.csv."""
    for name in ("parameters", "recipients"):
        (tmp_path / name).mkdir()
    (tmp_path / "parameters" / "acme.yaml").write_text(
        "name: Acme\nservices: [activity]\ncadence: weekly\ntime_zone: UTC\nsource: data\n"
        "recipients: recipients/acme.csv\n"
    )
    return tmp_path


def test_a_file_has_addresses_and_names(project):
    text = '\ufeffAddress,Name\r\nana@example.com,"Díaz, Ana"\r\n\r\nbo@example.com\r\n'
    (project / "recipients" / "acme.csv").write_text(text, encoding="utf-8")
    tenant = load_tenant("acme", project / "parameters")
    assert tenant.recipients == ("ana@example.com", "bo@example.com")
    assert tenant.names == (("ana@example.com", "Díaz, Ana"),)
    assert "ana" not in repr(tenant)


def test_thousands_are_read_in_their_order(project):
    addresses = [f"reader{number}@example.com" for number in range(5_000)]
    (project / "recipients" / "acme.csv").write_text("\n".join(addresses))
    assert list(load_tenant("acme", project / "parameters").recipients) == addresses


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("ana@example.com\nbo", "line 2"),
        ("ana@example.com\nana@example.com", "line 2"),
        ("ana@example.com,Ana <eve@example.com>", "line 1"),
        ("ana@example.com,=?utf-8?q?Ana?=", "line 1"),
        ('ana@example.com,"Ana\nBcc: eve@example.com"', "line 1"),
        ("\x00", "recipients"),
        ("", "recipients"),
        ("address,name\n", "recipients"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(project, text, where):
    (project / "recipients" / "acme.csv").write_text(text)
    with pytest.raises(ParametersError, match=where):
        load_tenant("acme", project / "parameters")


@pytest.mark.parametrize("named", ["recipients/none.csv", "../secret.csv", "/etc/passwd", "1" * 300])
def test_a_file_that_is_not_in_the_project_is_not_read(project, named):
    with pytest.raises(ParametersError, match="no file"):
        read_recipients(named, project / "parameters")
