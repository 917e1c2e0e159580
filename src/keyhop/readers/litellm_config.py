"""The configuration of a LiteLLM proxy: which providers' keys the service that runs it needs.

As LiteLLM 1.106.2 reads it: ``os.environ/NAME`` is the value of a variable; a model without ``api_key`` is asked with
its provider's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.catalogue import Credential, ProviderId, VarName
from keyhop.compose.emission import deployment_facts
from keyhop.compose.finding import deployments
from keyhop.facts import Act, Argument, Need, PlaceId, Practice
from keyhop.launch import Launch
from keyhop.readers.reader import Desk, Reader, Reading, unreadable
from keyhop.routing import route
from keyhop.span import Source, Span
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence, YamlError, parse
from keyhop.tree import Tree
from keyhop.view import View

_FROM_ENVIRONMENT = "os.environ/"
_KEY = "api_key"


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """What each service that is given this file needs for the models in it."""
    if b"litellm_params" not in source.data:
        return
    try:
        documents = parse(source)
    except YamlError as error:
        yield unreadable(source.path, str(error))
        return
    config = next((each for each in documents if isinstance(each, Mapping)), None)
    if config is None:
        return
    for place in _proxies(source, tree, desk):
        needs = tuple(dict.fromkeys(_needs(config, place)))
        yield from needs
        yield Practice(
            place=place,
            act=Act.IS_GATEWAY,
            subject=source.path,
            names=tuple(dict.fromkeys(name for need in needs for name in need.names)),
            arguments=(Argument("master_key"),) if _has_master_key(config) else (),
            span=Span(path=source.path),
        )


def _proxies(source: Source, tree: Tree, desk: Desk) -> Iterator[PlaceId]:
    """The services that start LiteLLM with this file."""
    for deployment in deployments(tree, desk):
        for fact in deployment_facts(deployment, tree, desk):
            if not isinstance(fact, Launch):
                continue
            inside = View(fact.place, fact.layers, tree, desk.promises).inside(source.path)
            words = fact.words or tuple((fact.text or "").split())
            if inside is not None and any("litellm" in word for word in words[:3]):
                named = [word for word in words if word.endswith((".yaml", ".yml"))]
                if not named or any(inside.endswith(word.lstrip("./")) for word in named):
                    yield fact.place


def _needs(config: Mapping, place: PlaceId) -> Iterator[Need]:
    models = config.get("model_list")
    for each in models.items if isinstance(models, Sequence) else ():
        parameters = each.get("litellm_params") if isinstance(each, Mapping) else None
        if isinstance(each, Mapping) and isinstance(parameters, Mapping):
            yield from _of_model(_text(each.get("model_name")), parameters, place)


def _of_model(name: str, parameters: Mapping, place: PlaceId) -> Iterator[Need]:
    model = parameters.get("model")
    found = route(_text(model), is_litellm=True)
    because = f"model {name or _text(model)} of the proxy"
    written = tuple(entry.key.text for entry in parameters.entries)
    for entry in parameters.entries:
        text = _text(entry.value)
        if text.startswith(_FROM_ENVIRONMENT) and entry.key.text.endswith(("key", "key_id", "token", "secret")):
            variable = VarName(text.removeprefix(_FROM_ENVIRONMENT))
            yield _need(place, ((variable,),), found.provider, because, entry.value.span)
    if _KEY in written or found.credential is None or not found.required:
        return
    rest = found.credential.beside(written)
    if rest is not None and model is not None:
        yield _of_credential(place, rest, found.provider, because, model.span)


def _need(
    place: PlaceId, part: tuple[tuple[VarName, ...], ...], provider: ProviderId | None, because: str, span: Span
) -> Need:
    return Need(place=place, credential=part[0][0], any_of=(part,), provider=provider, because=because, span=span)


def _of_credential(
    place: PlaceId, credential: Credential, provider: ProviderId | None, because: str, span: Span
) -> Need:
    return Need(
        place=place,
        credential=credential.id,
        any_of=tuple(tuple(part.names for part in parts) for parts in credential.any_of),
        provider=provider,
        because=because,
        span=span,
    )


def _has_master_key(config: Mapping) -> bool:
    general = config.get("general_settings")
    return isinstance(general, Mapping) and general.get("master_key") is not None


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


READER = Reader(
    id="litellm-config",
    title="LiteLLM proxy configuration",
    claims=("*litellm*.yaml", "*litellm*.yml", "*config*.yaml", "*config*.yml", "*proxy*.yaml", "*gateway*.yaml"),
    read=read,
)
