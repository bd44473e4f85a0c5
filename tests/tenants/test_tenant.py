import json
from datetime import UTC, date, datetime

import jsonschema
import pytest
import yaml
from babel import Locale
from support.projects import STARTER

from tidings.errors import ParametersError
from tidings.tenants.tenant import Parameters, load_tenant, schema, tenant_ids, write_schema

PARAMETERS = STARTER / "parameters"
LEAST = {
    "name": "Acme",
    "services": ["activity"],
    "cadence": "weekly",
    "time_zone": "UTC",
    "recipients": ["ana@example.com"],
    "source": "data/acme",
}


@pytest.fixture
def load(tmp_path):
    """Loads a tenant whose file has the least keys, and those given."""

    def write_and_load(*, without=(), **keys):
        values = {key: value for key, value in (LEAST | keys).items() if key not in without}
        (tmp_path / "acme.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
        return load_tenant("acme", tmp_path)

    return write_and_load


@pytest.fixture
def refusal(load):
    def load_and_refuse(**keys) -> str:
        with pytest.raises(ParametersError) as refused:
            load(**keys)
        return str(refused.value)

    return load_and_refuse


def test_the_demo_tenant_is_complete():
    tenant = load_tenant("demo", PARAMETERS)
    assert (tenant.id, tenant.name, tenant.cadence) == ("demo", "Demo Telecom", "weekly")
    assert tenant.services == ("activity", "chatbot", "contact-center")
    assert (tenant.zone.key, tenant.week_starts, tenant.locale) == ("America/Bogota", "monday", Locale("en"))
    assert (tenant.recipients, tenant.source) == (("ana@example.com",), "data/demo")
    assert (tenant.brand.color, tenant.brand.logo, tenant.tenant_column) == ("#0B6E4F", None, False)


def test_keys_left_out_have_defaults(load):
    tenant = load()
    assert (tenant.week_starts, tenant.language, tenant.tenant_column) == ("monday", "en", False)
    assert tenant.brand.color == "#0B6E4F"
    assert tenant.fallback_intents == ("none", "fallback", "nlu_fallback", "out_of_scope")


@pytest.mark.parametrize(
    ("keys", "weekend"),
    [
        ({}, (5, 6)),
        ({"time_zone": "Asia/Riyadh"}, (4, 5)),
        ({"time_zone": "Asia/Kolkata"}, (6,)),
        ({"time_zone": "UTC"}, (5, 6)),
        ({"weekend": ["sunday", "friday"]}, (4, 6)),
        ({"weekend": []}, ()),
    ],
)
def test_the_weekend_is_that_of_the_zones_country_unless_said(load, keys, weekend):
    assert load(**keys).weekend == weekend


def test_a_tenant_cannot_be_changed_and_can_be_a_key(load):
    tenant = load()
    with pytest.raises(ValueError, match="frozen"):
        tenant.name = "Other"
    assert {tenant: 1}[load()] == 1


def test_services_are_put_in_the_order_of_the_report(load):
    assert load(services=["contact-center", "activity"]).services == ("activity", "contact-center")


def test_nothing_is_attached_unless_it_is_asked_for(load):
    assert load().attachments == ()
    assert load(attachments=["page", "data"]).attachments == ("page", "data")


def test_a_limit_of_the_gate_is_a_share_a_number_or_off(load):
    gate = load(
        gate={"volume_hold": "82.5 %", "empty_day": "25", "freshness": "off", "one_value": "off"}
    ).gate
    assert (gate.volume_hold, gate.empty_day, gate.freshness, gate.one_value) == (0.825, 25, None, False)
    assert (gate.volume_review, gate.empty_table) == (0.4, True)


def test_what_lets_more_through_than_by_default_is_said_and_what_lets_less_is_not(load):
    gate = load(
        gate={"volume_hold": "80%", "volume_review": "30%", "empty_day": "off", "one_value": "off"}
    ).gate
    assert gate.loosened == (
        "empty_day is off, by default 10",
        "volume_hold is 80%, by default 60%",
        "one_value is off, by default on",
    )
    assert load().gate.loosened == ()


def test_holidays_are_days_and_a_source_is_complete_until_a_day_or_an_instant(load):
    assert load(holidays=["2026-12-25"]).holidays == (date(2026, 12, 25),)
    assert load(complete_until="2026-11-22").complete_until == date(2026, 11, 22)
    instant = datetime(2026, 11, 22, 18, tzinfo=UTC)
    assert load(complete_until="2026-11-22T18:00:00Z").complete_until == instant


def test_a_report_is_mailed_now_unless_its_tenant_wants_it_reviewed(load):
    assert (load().mail, load(mail="after-review").mail) == ("now", "after-review")


def test_bi_monthly_means_twice_monthly(load):
    assert load(cadence="bi-monthly").cadence == "twice-monthly"


@pytest.mark.parametrize("key", list(LEAST))
def test_a_missing_key_is_named_with_an_example_of_it(refusal, key):
    message = refusal(without=[key])
    assert f"acme.yaml, {key}: the key is missing" in message
    assert f"add a line such as {key}: " in message


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"cadance": "weekly"}, ["'cadance'", "no such key", "write cadence"]),
        ({"id": "other"}, ["'id'", "no such key"]),
        ({"brand": {"colour": "red"}}, ["'brand.colour'", "write color"]),
        ({"cadence": "weely"}, ["cadence", "'weely'", "write weekly"]),
        ({"services": ["chatbott"]}, ["services, item 1", "'chatbott'", "write chatbot"]),
        ({"services": []}, ["services", "has nothing in it"]),
        ({"services": "activity"}, ["services", "'activity'", "a list belongs"]),
        ({"services": ["activity", "activity"]}, ["services", "twice"]),
        ({"week_starts": "Monday"}, ["week_starts", "'Monday'", "write monday"]),
        ({"weekend": ["sat"]}, ["weekend", "no list of days of the week", "[saturday, sunday]"]),
        ({"weekend": [[]]}, ["weekend", "no list of days of the week"]),
        ({"time_zone": "Bogota"}, ["time_zone", "'Bogota'", "write America/Bogota"]),
        ({"language": "klingon"}, ["language", "'klingon'", "BCP 47"]),
        ({"recipients": ["ana@example.com", "bo"]}, ["recipients, item 2", "'bo'", "ana@example.com"]),
        ({"recipients": ["a@example.com", "A@example.com"]}, ["recipients", "twice", "once"]),
        ({"recipients": []}, ["recipients", "has nothing in it"]),
        ({"attachments": ["pages"]}, ["attachments, item 1", "'pages'", "write page"]),
        ({"attachments": ["data", "data"]}, ["attachments", "twice"]),
        ({"tenant_column": "yes"}, ["tenant_column", "'yes'", "true or false belongs"]),
        ({"name": None}, ["name", "no value", "text belongs"]),
        ({"name": ["a"]}, ["name", "a list stands where text belongs"]),
        ({"brand": "blue"}, ["brand", "'blue'", "a mapping belongs"]),
        ({"brand": {"color": "green"}}, ["brand.color", "'green'", '"#0B6E4F"']),
        ({"brand": {"logo": "../x.png"}}, ["brand.logo", "'../x.png'", "leads out"]),
        ({"brand": {"logo": "x" * 300 + ".png"}}, ["brand.logo", "too long", "brand/logo.png"]),
        ({"notebook": "x/" * 600 + "x.ipynb"}, ["notebook", "too long"]),
        ({"notebook": "../x.ipynb"}, ["notebook", "'../x.ipynb'", "leads out", "notebooks/acme.ipynb"]),
        ({"mail": "later"}, ["mail", "'later'", "now, after-review"]),
        ({"holidays": ["2026-13-01"]}, ["holidays, item 1", "'2026-13-01'", "2026-12-25"]),
        ({"complete_until": "2026-11-22 18:00"}, ["complete_until", "with its offset"]),
        ({"gate": {"volum_hold": "80%"}}, ["'gate.volum_hold'", "no such key", "write volume_hold"]),
        ({"gate": {"volume_hold": "80"}}, ["gate.volume_hold", "'80'", "50%, or off"]),
        ({"gate": {"empty_day": "0"}}, ["gate.empty_day", "'0'", "such as 10, or off"]),
        ({"gate": {"empty_table": "5%"}}, ["gate.empty_table", "'5%'", "on or off"]),
        ({"gate": {"future": "off"}}, ["gate.future", "cannot be loosened", "take it out"]),
        ({"gate": {"isolation": "off"}}, ["gate.isolation", "cannot be loosened"]),
        ({"gate": {"invariants": "1%"}}, ["gate.invariants", "cannot be loosened"]),
        ({"gate": {"rendered": "off"}}, ["gate.rendered", "cannot be loosened"]),
        ({"fallback_intents": [True]}, ["fallback_intents, item 1", "true", "text belongs"]),
    ],
)
def test_a_wrong_value_is_refused_with_file_key_value_and_remedy(refusal, keys, words):
    message = refusal(**keys)
    assert "acme.yaml" in message
    assert "To mend it: " in message
    for word in words:
        assert word in message


def test_all_that_is_wrong_is_said_at_once(refusal):
    message = refusal(cadence="weely", time_zone="Bogota", sauce="x", recipients=["bo"])
    assert "4 things are wrong" in message
    for remedy in ("write weekly", "write America/Bogota", "write source", "such as ana@example.com"):
        assert remedy in message


@pytest.mark.parametrize("key", ["source", "sorce", "name", "language"])
def test_no_message_repeats_a_password(refusal, key):
    message = refusal(**{key: "postgresql://user:hunter2@host/db", "cadence": "no"})
    assert "hunter2" not in message
    assert key in message or key == "name"


def test_a_long_value_is_shown_shortened(refusal):
    assert len(refusal(language="x" * 50_000)) < 400


@pytest.mark.parametrize("tenant_id", ["../x", "", "a/b", "A", "-a", "a.b", "a\n", "é", "x" * 65])
def test_what_is_no_id_is_refused_before_the_file_system_is_touched(tenant_id):
    class Untouchable:
        def __getattr__(self, name):
            pytest.fail("the folder was touched")

    with pytest.raises(ParametersError, match="not a tenant's id"):
        load_tenant(tenant_id, Untouchable())


def test_an_unknown_tenant_is_told_the_nearest_known_ones(tmp_path):
    for known in ("acme", "acne", "beta", "gamma", "delta", "zeta", "eta"):
        (tmp_path / f"{known}.yaml").touch()
    with pytest.raises(ParametersError) as refused:
        load_tenant("acmee", tmp_path)
    assert refused.value.remedy.startswith("use one of acme, acne, ")
    assert refused.value.remedy.count(",") == 5
    assert "(or 2 more)" in refused.value.remedy


def test_ids_are_the_names_of_the_files_in_order(tmp_path):
    for name in ("b.yaml", "a-1.yaml", "tenant.schema.json", ".#a.yaml", "notes.txt"):
        (tmp_path / name).touch()
    assert tenant_ids(tmp_path) == ["a-1", "b"]


@pytest.mark.parametrize("name", ["Acme.yaml", "a_b.yaml", "a b.yaml", "acme.yml"])
def test_a_file_that_would_be_passed_over_is_refused_by_its_name(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(ParametersError, match=name):
        tenant_ids(tmp_path)


def test_a_folder_that_is_missing_is_refused(tmp_path):
    with pytest.raises(ParametersError, match="no such folder"):
        tenant_ids(tmp_path / "none")
    with pytest.raises(ParametersError, match="no such folder"):
        load_tenant("acme", tmp_path / "none")


def test_the_schema_describes_every_key():
    described = schema()
    assert set(described["properties"]) == set(Parameters.model_fields)
    inner = [described["$defs"][name]["properties"] for name in ("Brand", "Gate")]
    for fields in (described["properties"], *inner):
        assert all(field.get("description") for field in fields.values())


def test_the_committed_schema_is_the_one_that_is_generated(tmp_path):
    write_schema(tmp_path / "tenant.schema.json")
    committed = (PARAMETERS / "tenant.schema.json").read_text(encoding="utf-8")
    assert committed == (tmp_path / "tenant.schema.json").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(committed))


@pytest.mark.parametrize("path", sorted(PARAMETERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_committed_tenants_load_and_are_valid_in_an_editor(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=tenant.schema.json\n")
    jsonschema.validate(yaml.safe_load(text), schema())
    assert load_tenant(path.stem, PARAMETERS).id == path.stem


@pytest.mark.parametrize("keys", [{"cadance": "weekly"}, {"cadence": "weely"}, {"services": []}, {"name": 5}])
def test_the_schema_refuses_what_an_editor_should_underline(keys):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(LEAST | keys, schema())
    jsonschema.validate(LEAST, schema())
