"""``kubectl create secret`` and ``kubectl set env``, as documents and scripts tell people to type them."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.documented.commands import Typed, typed
from keyhop.kubernetes.resource import EnvFile
from keyhop.kubernetes.store import Key
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.tree import Tree, join

_CREATED = {"secret": "Secret", "configmap": "ConfigMap", "cm": "ConfigMap"}
_PROGRAMS = ("kubectl", "oc", "k3s", "microk8s")
_VALUED = frozenset(
    {"-n", "--namespace", "--context", "--kubeconfig", "-l", "-c", "--containers", "--from", "--keys"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A Secret or ConfigMap that somebody is told to make by hand."""

    kind: str
    name: str
    namespace: str
    keys: tuple[Key, ...]
    env_files: tuple[EnvFile, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """``kubectl set env deployment/api NAME=…``."""

    workload: str
    """Its name, or ``*``."""
    names: tuple[str, ...]
    span: Span


def created(tree: Tree) -> Iterator[Created]:
    """Every ``kubectl create secret generic`` and ``kubectl create configmap``."""
    for each in typed(tree):
        words = _words(each, "create")
        if words[:1] == ["secret"] and words[1:2] == ["generic"]:
            yield _created("Secret", words[2:], each)
        elif words[:1] and words[0] in _CREATED and words[0] != "secret":
            yield _created(_CREATED[words[0]], words[1:], each)


def settings(tree: Tree) -> Iterator[Set]:
    """Every ``kubectl set env`` that gives variables."""
    for each in typed(tree):
        words = _words(each, "set")
        if words[:1] != ["env"]:
            continue
        operands = [word for word in words[1:] if not word.startswith("-")]
        names = tuple(word.partition("=")[0] for word in operands if "=" in word)
        targets = [word.rpartition("/")[2] for word in operands if "=" not in word]
        if names and targets:
            yield Set(workload=targets[-1], names=names, span=each.span)


def _words(each: Typed, verb: str) -> list[str]:
    """What follows the verb of a kubectl command; nothing for other commands."""
    words = list(each.texts)
    if not words or words[0].rpartition("/")[2] not in _PROGRAMS or verb not in words:
        return []
    return words[words.index(verb) + 1 :]


def _created(kind: str, words: list[str], each: Typed) -> Created:
    options: list[tuple[str, str]] = []
    operands: list[str] = []
    rest = iter(words)
    for word in rest:
        option, sign, value = word.partition("=")
        if not word.startswith("-"):
            operands.append(word)
        elif sign:
            options.append((option, value))
        elif option in _VALUED or option.startswith("--from-"):
            options.append((option, next(rest, "")))
    keys = [
        Key(name=value.partition("=")[0], span=each.span) for option, value in options if option == "--from-literal"
    ]
    for option, value in options:
        if option == "--from-file":
            name, sign, _ = value.partition("=")
            keys.append(Key(name=name if sign else value.rpartition("/")[2], span=each.span))
    return Created(
        kind=kind,
        name=operands[0] if operands else "",
        namespace=next((value for option, value in options if option in ("-n", "--namespace")), ""),
        keys=tuple(keys),
        env_files=tuple(_env_files(options, each)),
        span=each.span,
    )


def _env_files(options: list[tuple[str, str]], each: Typed) -> Iterator[EnvFile]:
    for option, value in options:
        path = join(each.directories[0], value) if option == "--from-env-file" else None
        if path:
            yield EnvFile(path=path, dialect="kubectl", span=each.span)
