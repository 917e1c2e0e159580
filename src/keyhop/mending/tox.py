"""tox: one more name in ``pass_env``."""

from __future__ import annotations

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import HandOn, Remedy
from keyhop.span import Undecodable
from keyhop.text.tox_edits import passed_in_ini, passed_in_toml
from keyhop.tree import Tree


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    if not isinstance(remedy, HandOn) or not remedy.process.startswith("tox:"):
        return None
    path, _, environment = remedy.process.removeprefix("tox:").rpartition("#")
    source = tree.source(path)
    if source is None:
        return None
    try:
        in_toml = path.endswith(".toml") and "legacy_tox_ini" not in source.text
        how = passed_in_toml if in_toml else passed_in_ini
        stretch = how(source, environment, remedy.name)
    except Undecodable:
        return None
    return Proposal(source, (Change(*stretch),)) if stretch else None


MENDER = Mender(
    id="tox",
    title="tox",
    mends="a name in `pass_env`",
    propose=_propose,
)
