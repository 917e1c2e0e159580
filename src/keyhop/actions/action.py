"""Actions of the project itself, and what is known of those of others."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.actions.refusals import Refusal, refused_in_action
from keyhop.actions.workflow import Declared, Step, Variable, steps
from keyhop.records import dataclass
from keyhop.text.yaml import Mapping, Scalar
from keyhop.text.yaml_nodes import entries, mapping, text_of, top_of
from keyhop.tree import Tree, join

_SET_NO_CREDENTIAL = (
    "actions/", "docker/", "github/", "astral-sh/", "codecov/", "snok/", "pre-commit/", "abatilo/", "pypa/",
    "peaceiris/", "softprops/", "stefanzweifel/", "peter-evans/", "dorny/", "tj-actions/", "ruby/", "pnpm/",
    "actions-rs/", "dtolnay/", "conda-incubator/", "mamba-org/", "slackapi/", "8398a7/", "step-security/",
    "sigstore/", "anchore/", "aquasecurity/", "google-github-actions/setup-gcloud", "azure/setup-", "hadolint/",
    "psf/", "chartboost/", "jlumbroso/", "nick-fields/", "ad-m/", "appleboy/", "jetify-com/", "release-drafter/",
)  # fmt: skip
"""Owners and actions that put no credential into the environment of the steps behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A composite action of the project."""

    path: str
    inputs: tuple[Declared, ...]
    steps: tuple[Step, ...]
    outputs: tuple[Variable, ...]
    refusals: tuple[Refusal, ...]


def composite(uses: str, tree: Tree) -> Action | None:
    """The composite action that a step names by its directory; None for any other."""
    directory = join("", uses) if uses.startswith("./") else None
    for name in ("action.yml", "action.yaml") if directory is not None else ():
        source = tree.source(f"{directory}/{name}" if directory else name)
        if source is None:
            continue
        top = top_of(source)
        runs = mapping(top.get("runs")) if top else None
        if top is None or runs is None or text_of(runs.get("using")) != "composite":
            return None
        return Action(
            path=source.path,
            inputs=tuple(_inputs(top)),
            steps=tuple(steps(runs.get("steps"), source)),
            outputs=tuple(_outputs(top)),
            refusals=tuple(refused_in_action(top)),
        )
    return None


def may_set_variables(uses: str) -> bool:
    """Whether an action of somebody else may put a credential into the environment of later steps."""
    if not uses or uses.startswith(("./", "docker://")):
        return False
    return not uses.lower().startswith(_SET_NO_CREDENTIAL)


def _inputs(top: Mapping) -> Iterator[Declared]:
    for name, value, span in entries(top.get("inputs")):
        about = mapping(value)
        default = about.get("default") if about else None
        yield Declared(
            name=name, required=False, default=default.sealed if isinstance(default, Scalar) else None, span=span
        )


def _outputs(top: Mapping) -> Iterator[Variable]:
    for name, value, span in entries(top.get("outputs")):
        about = mapping(value)
        found = about.get("value") if about else None
        if isinstance(found, Scalar):
            yield Variable(name=name, template=found.sealed, span=span)
