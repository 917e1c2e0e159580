"""Bicep files, read as far as keyhop needs them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keyhop.span import Source
from keyhop.text.bicep import Array, Choice, Name, Object, Other, Text, parse

FILE = """
targetScope = 'resourceGroup'
@description('it''s not read')
@secure()
param key string // a comment
param plain string = 'it\\'s \\u{41}'
param empty array = []
var texts = ['a', 'b'
  '''
long''']
var chosen = empty(key) ? 'none' : concat(texts, [ 'c' ])
var sum = 1 + 2
resource old 'Microsoft.Storage/x@1' existing = { name: 'x' }
resource app 'Microsoft.App/containerApps@2024-03-01' = if (sum > 2) {
  name: 'app-${plain}'
  tags: union(texts, { 'azd-service': 'x' })
  properties: { secret: vault.getSecret('key'), 'a-b': old.listKeys().keys[0].value }
}
module each 'each.bicep' = [for name in texts: {
  name: name
}]
output url string = app.properties.url
"""


def test_declarations_have_their_values():
    found = {each.name: each for each in parse(Source(path="a.bicep", data=FILE.encode()))}
    assert list(found) == ["key", "plain", "empty", "texts", "chosen", "sum", "old", "app", "each"]
    assert [name for name, each in found.items() if each.secure] == ["key"]
    assert found["key"].value is None
    assert isinstance(found["plain"].value, Text)
    assert found["plain"].value.text == "it's A"
    assert isinstance(found["empty"].value, Array)
    assert found["empty"].value.items == ()
    texts = found["texts"].value
    assert isinstance(texts, Array)
    assert [each.text for each in texts.items if isinstance(each, Text)] == ["a", "b", "long"]
    chosen = found["chosen"].value
    assert isinstance(chosen, Choice)
    assert isinstance(chosen.branches[1], Name)
    assert isinstance(found["sum"].value, Other)
    assert found["app"].kind == "Microsoft.App/containerApps@2024-03-01"


def test_an_object_is_looked_into_by_its_keys():
    app = next(each for each in parse(Source(path="a.bicep", data=FILE.encode())) if each.name == "app").value
    assert isinstance(app, Object)
    name, secret = app.get("name"), app.get("properties", "secret")
    assert isinstance(name, Text)
    assert name.sealed is None
    assert isinstance(secret, Name)
    assert secret.words == ("vault", "getSecret")
    assert isinstance(app.get("properties", "a-b"), Name)
    assert app.get("properties", "missing") is None
    assert str(name.span) == "a.bicep:15"


def test_a_secure_parameter_may_have_more_decorators():
    text = b"@secure()\n@minLength(3)\nparam key string\n@description('b')\nparam other string\n"
    found = {each.name: each.secure for each in parse(Source(path="a.bicep", data=text))}
    assert found == {"key": True, "other": False}


WORDS = [
    *("param a ", "var b = ", "resource c 'x@1' = ", "{", "}", "[", "]", "(", ")", "a: ", "'t'", "'${", "'", "\n"),
    *("?", ":", "+", ".x", "for ", "@secure()", "a", ",", "1", "if "),
]


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_text_is_read_to_its_end(words: list[str]):
    assert all(each.name for each in parse(Source(path="a.bicep", data="".join(words).encode())))
