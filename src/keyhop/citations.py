"""The sources that several catalogue entries rest on."""

from __future__ import annotations

from keyhop.catalogue import Reference


def released(project: str, version: str, seen: str = "2026-11-25") -> Reference:
    """The source code of a release on PyPI."""
    return Reference(url=f"https://pypi.org/project/{project}/{version}/", seen=seen)


CREWAI = released("crewai", "1.15.30")
CREWAI_TOOLS = released("crewai-tools", "1.15.30")
LITELLM = released("litellm", "1.106.2")
GITLEAKS = Reference(url="https://github.com/gitleaks/gitleaks/blob/b58d3f10/config/gitleaks.toml", seen="2026-11-23")
TRUFFLEHOG = Reference(
    url="https://github.com/trufflesecurity/trufflehog/tree/3ab759fe/pkg/detectors", seen="2026-11-23"
)
KINGFISHER = Reference(
    url="https://github.com/mongodb/kingfisher/tree/2a2b7b5a/crates/kingfisher-rules/data/rules", seen="2026-11-23"
)
CAULDRON = Reference(url="https://github.com/CauldronUp/cauldron/tree/1e9bfd8d/recipes", seen="2026-11-23")
