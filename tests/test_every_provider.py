"""Every provider's data is well formed, and no service's keys are taken for another's."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import data, from_regex

from keyhop import providers as family
from keyhop.catalogue import Part, Probe, Provider, by_name, by_prefix, looks_like, provider, providers

EVERY = tuple(providers())
each_provider = pytest.mark.parametrize("each", EVERY, ids=[each.id for each in EVERY])
PROBES = tuple((each, probe) for each in EVERY for probe in each.probes)
each_probe = pytest.mark.parametrize(("each", "probe"), PROBES, ids=[each.id for each, _ in PROBES])
SHAPES = tuple(dict.fromkeys((each.id, shape) for each in EVERY for part in each.parts for shape in part.shapes))


def test_each_module_is_one_provider_of_that_name():
    names = [module.name for module in iter_modules(family.__path__)]
    assert [import_module(f"keyhop.providers.{name}").PROVIDER.id for name in names] == [
        name.replace("_", "-") for name in names
    ]


@each_provider
def test_addresses_are_https(each: Provider):
    for url in (each.url, *(reference.url for reference in each.references)):
        assert urlsplit(url).scheme == "https", url


@each_provider
def test_claims_are_cited_and_dated(each: Provider):
    assert each.references
    for reference in each.references:
        assert date(2026, 1, 1) <= date.fromisoformat(reference.seen) <= date.today()


@each_provider
def test_names_are_variables_or_ways_without_a_key(each: Provider):
    for name in (*each.settings, *each.never_read, *(n for part in each.parts for n in part.names)):
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*|@[a-z]+ [a-z]+", name), name


@each_provider
def test_a_setting_is_never_also_a_secret(each: Provider):
    public = {*each.settings, *(n for part in each.parts if not part.secret for n in part.names)}
    assert not public & set(by_name())


@each_provider
def test_readers_differ(each: Provider):
    readers = [credential.reader for credential in each.credentials]
    assert len(readers) == len(set(readers))


@each_provider
def test_every_way_needs_something(each: Provider):
    for credential in each.credentials:
        assert credential.any_of
        assert all(credential.any_of), "an alternative without a part would always hold"


@each_provider
def test_crewai_never_reads_what_it_is_said_never_to_read(each: Provider):
    crewai = [c for c in each.credentials if c.reader == "crewai"]
    assert not {n for credential in crewai for n in credential.names} & set(each.never_read)


@each_probe
def test_a_key_is_probed_only_at_a_listed_host(each: Provider, probe: Probe):
    url = urlsplit(probe.url)
    own = re.fullmatch(r"\{(base|endpoint)\}.*", probe.url) or url.netloc == "{host}"
    assert own or (url.scheme == "https" and each.accepts_host(url.netloc.replace("{region}", "us-east-1")))
    assert "{key}" in probe.header
    assert not set(probe.accepted) & set(probe.rejected)


@each_probe
def test_an_address_of_ones_own_stands_in_for_the_beginning_of_the_request(each: Provider, probe: Probe):
    own = probe.url.startswith(("{", "https://{host}"))
    assert bool(probe.base_names) == bool(probe.base or own)
    assert own or probe.url.startswith(probe.base)
    parts = {name for part in each.parts for name in part.names}
    assert set(probe.base_names) <= {*each.settings, *parts}
    assert set(probe.names) <= set(each.names)


@each_probe
def test_a_status_shared_by_two_answers_is_told_apart_by_the_body(each: Provider, probe: Probe):
    shared = set(probe.limited) & set(probe.rejected)
    assert not shared or probe.limited_when
    re.compile(probe.limited_when), re.compile(probe.rejected_when), re.compile(probe.live_when)


def test_no_two_providers_share_a_prefix():
    prefixes = [prefix for each in EVERY for prefix in each.prefixes]
    assert len(prefixes) == len(set(prefixes))
    assert all(by_prefix(prefix) is not None for prefix in prefixes)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda pair: f"{pair[0]}: {pair[1].title}")
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(data())
def test_a_key_never_looks_like_another_services(shape, data):
    owner, form = shape
    sample = data.draw(from_regex(re.compile(form.pattern, re.ASCII), fullmatch=True))
    assert form.matches(sample)
    found = looks_like(sample)
    assert found == owner if form.certain else found in (None, owner)


def test_a_name_leads_to_those_who_read_it_first():
    assert next(each.id for each in by_name()["OPENAI_API_KEY"]) == "openai"
    assert next(each.id for each in by_name()["AZURE_API_KEY"]) == "azure"
    assert [each.id for each in by_name()["SERPER_API_KEY"]] == ["serper"]


def test_an_unknown_id_is_no_provider():
    assert provider("nobody") is None
    assert provider("../openai") is None


def test_arguments_in_code_replace_variables():
    azure = provider("azure").credential()
    assert azure.beside(()) == azure
    assert [[part.names[0] for part in parts] for parts in azure.beside({"api_key"}).any_of] == [["AZURE_ENDPOINT"]]
    assert azure.beside({"api_key", "endpoint"}) is None
    assert azure.beside({"base_url"}) == azure
    assert {parts[0].names[0] for parts in azure.beside({"endpoint"}).any_of} == {
        "AZURE_API_KEY",
        "AZURE_CLIENT_ID",
        "@azure identity",
    }


def test_importing_the_catalogue_imports_no_provider():
    code = (
        "import sys; from keyhop.catalogue import provider; "
        "before = [m for m in sys.modules if m.startswith('keyhop.providers.')]; provider('groq'); "
        "print(before, [m for m in sys.modules if m.startswith('keyhop.providers.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.strip() == "[] ['keyhop.providers.groq']", done.stderr


def test_a_part_without_a_key_is_no_variable():
    assert Part(names=provider("bedrock").credential().any_of[-1][0].names).keyless
    assert not any(name.startswith("@") for each in EVERY for name in each.names)
