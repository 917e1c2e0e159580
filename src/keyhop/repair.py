"""Fixes carried out on paper, and judged again before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from keyhop.apply import after, overlap
from keyhop.facts import PlaceId
from keyhop.finding import Finding, Fix, Safety, Severity
from keyhop.menders import edits_for
from keyhop.records import dataclass
from keyhop.remedy import Edit
from keyhop.report import Report
from keyhop.text.diffs import unified
from keyhop.tree import Tree
from keyhop.value import Verdict

Judge = Callable[[Mapping[str, bytes]], tuple[Report, Tree]]
"""The report of a project in which some files hold something else."""
_MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A finding that is gone, and the fix that did it."""

    finding: Finding
    fix: Fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What was mended."""

    mended: tuple[Mended, ...] = ()
    refused: tuple[Mended, ...] = ()
    """Fixes that were tried and not kept: the finding stayed, or another one came."""
    before: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    now: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """What the changed files are to hold."""

    def diff(self) -> str:
        """A unified diff in which every value is masked: for reading, not for ``patch``."""
        texts = [edit.text for each in self.mended for edit in each.fix.edits]
        written = {line.strip() for text in texts if "\n" in text for line in text.splitlines()}
        found = []
        for path in sorted(self.now):
            old, new = (data[path].decode("utf-8", "replace") for data in (self.before, self.now))
            found += [f"--- a/{path}", f"+++ b/{path}", *unified(old, new, written)]
        return "".join(f"{line}\n" for line in found)


def with_edits(finding: Finding, tree: Tree) -> Finding:
    """The finding with the edits of its fixes; a fix for which none can be made is only shown."""
    if not any(fix.remedy for fix in finding.fixes):
        return finding
    fixes = []
    for fix in finding.fixes:
        edits = edits_for(fix.remedy, tree) if fix.remedy is not None else ()
        fixes.append(replace(fix, edits=edits, safety=fix.safety if edits else Safety.SHOW_ONLY))
    return replace(finding, fixes=tuple(fixes))


def repaired(judged: Judge, *, unsafe: bool) -> tuple[Repair, Report]:
    """Carries out fixes until none is left that helps."""
    before: dict[str, bytes] = {}
    now: dict[str, bytes] = {}
    mended: list[Mended] = []
    refused: dict[str, Mended] = {}
    report, tree = judged(now)
    for _ in range(_MOST_ROUNDS):
        chosen = list(_chosen(report, unsafe, set(refused)))
        if not chosen:
            break
        held = {path: source.data for each in chosen for path in _paths(each) if (source := tree.source(path))}
        for path, data in held.items():
            before.setdefault(path, data)
        kept, tried = _kept(chosen, report, judged, now, held)
        refused.update({each.fix.id: each for each in chosen if each not in kept})
        if tried is None:
            break
        mended += kept
        now |= after(held, [edit for each in kept for edit in each.fix.edits])
        report, tree = tried
    return Repair(mended=tuple(mended), refused=tuple(refused.values()), before=before, now=now), report


def _chosen(report: Report, unsafe: bool, refused: set[str]) -> Iterator[Mended]:
    """One fix for each finding, none of which touches what another one does."""
    allowed = (Safety.SAFE, Safety.UNSAFE) if unsafe else (Safety.SAFE,)
    taken: list[Edit] = []
    for finding in report.findings:
        for fix in finding.fixes:
            if fix.edits and fix.safety in allowed and fix.id not in refused and not overlap(fix.edits, taken):
                taken += fix.edits
                yield Mended(finding=finding, fix=fix)
                break


def _kept(
    chosen: list[Mended], report: Report, judged: Judge, now: Mapping[str, bytes], held: Mapping[str, bytes]
) -> tuple[list[Mended], tuple[Report, Tree] | None]:
    """All of them if that is a mend, else those that are one by themselves, one after the other; and what is then."""
    kept: list[Mended] = []
    best: tuple[Report, Tree] | None = None
    for attempt in (chosen, *([each] for each in chosen if len(chosen) > 1)):
        together = [*kept, *attempt]
        edits = [edit for each in together for edit in each.fix.edits]
        tried = judged({**now, **after(held, edits)})
        if _is_mend(together, report, tried[0]):
            kept, best = together, tried
            if attempt is chosen:
                break
    return kept, best


def _is_mend(mended: list[Mended], report: Report, then: Report) -> bool:
    """Whether the findings are gone, and nothing else has become worse."""
    gone = {_key(each.finding) for each in mended}
    was, left = _told(report), _told(then)
    better = not any(key in gone for key in left) and all(count <= was[key] for key, count in left.items())
    return better and all(_is_followed(each, then) for each in mended)


def _is_followed(each: Mended, then: Report) -> bool:
    """Whether the process of a finding that is gone is still there; and its credential surely, after a safe fix."""
    verdicts = [t.verdict for t in then.trails if (t.need.owner, t.need.credential) == _key(each.finding)[:2]]
    sure = each.fix.safety is not Safety.SAFE or Verdict.UNKNOWN not in verdicts
    return sure and (not each.finding.process or _is_there(each.finding.process, then.topology.places))


def _is_there(process: str, places: Mapping[PlaceId, object]) -> bool:
    """Some processes are called by their line, which a line above moves."""
    head, _, line = process.rpartition("#")
    moved = line.isdigit() and any(id.rpartition("#")[0] == head and id.rpartition("#")[2].isdigit() for id in places)
    return moved or PlaceId(process) in places


def _told(report: Report) -> Counter[tuple[str, str, str]]:
    """What fails a check. Of one credential in one process, it does not matter which rule speaks."""
    return Counter(_key(f) for f in report.findings if f.severity is not Severity.NOTE)


def _key(finding: Finding) -> tuple[str, str, str]:
    rule = "" if finding.trail is not None else finding.rule
    return finding.process, finding.credential, rule


def _paths(mended: Mended) -> Iterator[str]:
    yield from (edit.path for edit in mended.fix.edits)
