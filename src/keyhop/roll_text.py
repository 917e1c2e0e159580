"""A roll call as text: a row for each worker, a column for each credential, and what is wrong below."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.roll import Cell, Present, Role, Roll

_STATES = {"absent": "not set", "unknown": "not known"}
_RED, _GREEN, _YELLOW, _DIM, _END = "\033[31m", "\033[32m", "\033[33m", "\033[2m", "\033[0m"


def render(roll: Roll, *, colour: bool) -> str:
    lines = [line for role in roll.roles for line in (*_role(role, roll.at, colour), *_explained(role, roll), "")]
    return "\n".join([*lines, _count(roll)]) + "\n"


def _role(role: Role, now: float, colour: bool) -> Iterator[str]:
    names = role.names
    yield f"{role.title}  [{role.id}]"
    head = ["worker", "generation", "held for", *names]
    rows = [[*_row(each, now), *(_said(each.cells[name]) for name in names)] for each in role.present]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    if rows:
        yield f"  {_padded(head, widths)}"
    for present, row in zip(role.present, rows, strict=True):
        cells = [None, None, None, *(present.cells[name] for name in names)]
        padded = [text.ljust(width) for text, width in zip(row, widths, strict=True)]
        yield "  " + "  ".join(_painted(t, c, colour) for t, c in zip(padded, cells, strict=True)).rstrip()
    for each in role.silent:
        who = f"{each.worker} pid {each.pid}" if each.pid else each.worker
        yield "  " + _paint(f"{who}: {each.why}", _YELLOW, colour)
    if role.remark:
        yield "  " + _paint(role.remark, _YELLOW, colour)
    for name in role.differs:
        yield "  " + _paint(f"{name}: {_difference(role, name)}", _RED if role.counts else _DIM, colour)
    for name, cell in dict.fromkeys((name, each.cells[name]) for each in role.present for name in names):
        if cell.verdict and cell.verdict != "accepted" and cell.because:
            yield "  " + _paint(f"{name}, {cell.verdict}: {cell.because}", _DIM, colour)


def _explained(role: Role, roll: Roll) -> Iterator[str]:
    for each in roll.explained:
        if each.role == role.id:
            yield f"  = {each.says}" + (f"  --> {each.path}:{each.line}" if each.path else "")
            yield from (f"    {other}" for other in each.beside)


def _row(each: Present, now: float) -> list[str]:
    if each.started_with:
        return [_who(each), "-", "its start"]
    return [_who(each), str(each.generation), _age(now - each.since) if each.since else "-"]


def _age(seconds: float) -> str:
    """In the largest unit of which there are two."""
    for unit, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds // unit:.0f} {name}"
    return f"{max(seconds, 0):.0f} s"


def _who(each: Present) -> str:
    process = "" if each.process == "MainProcess" else each.process
    return " ".join(part for part in (each.worker, process, f"pid {each.pid}") if part)


def _said(cell: Cell) -> str:
    parts = [f"key {cell.key}" if cell.state == "present" else _STATES.get(cell.state, cell.state)]
    parts += [f"with {', '.join(cell.changes)}"] if cell.changes else []
    return ", ".join([*parts, *([cell.verdict] if cell.verdict else [])])


def _difference(role: Role, name: str) -> str:
    """What to make of a column whose cells are not all the same, sound key."""
    cells = [each.cells[name] for each in role.present if each.cells[name].state != "unknown"]
    have = [cell for cell in cells if cell.state == "present"]
    keys = {cell.key for cell in have}
    if not have:
        return f"none of {len(cells)} has it"
    told = []
    if len(have) < len(cells):
        told.append(f"{len(cells) - len(have)} of {len(cells)} lack it")
    if len(keys) > 1:
        newest = _newest(role, name)
        told.append(f"{len(keys)} different keys" + (f", {newest} the newest" if newest else ""))
    if any(cell.changes for cell in have):
        told.append("not as it must be")
    told += [verdict for verdict in ("rejected", "not allowed") if any(cell.verdict == verdict for cell in have)]
    return "; ".join(told)


def _newest(role: Role, name: str) -> str:
    """The key of which all that hold it began later than all that hold another; empty where ages do not tell."""
    ages: dict[str, list[float]] = {}
    for each in role.present:
        if each.cells[name].key:
            ages.setdefault(each.cells[name].key, []).append(each.since)
    key = max(ages, key=lambda key: min(ages[key]))
    others = (since for other, each in ages.items() if other != key for since in each)
    return f"key {key}" if min(ages[key]) > max(others) > 0 else ""


def _count(roll: Roll) -> str:
    present = sum(len(role.present) for role in roll.roles if role.counts)
    silent = sum(len(role.silent) for role in roll.roles)
    differs = sum(len(role.differs) for role in roll.roles if role.counts)
    verdict = f"{differs} to mend" if differs else "all hold the same keys" if present else "nobody answered"
    return f"{present} answered, {silent} did not: {verdict} ({roll.seconds:.2f} s)"


def _padded(cells: list[str], widths: list[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(cells, widths, strict=True)).rstrip()


def _painted(text: str, cell: Cell | None, colour: bool) -> str:
    if cell is None or cell.state == "unknown":
        return text
    return _paint(text, _GREEN if cell.is_sound else _RED, colour)


def _paint(text: str, tone: str, colour: bool) -> str:
    return f"{tone}{text}{_END}" if colour else text
