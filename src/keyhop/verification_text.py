"""A verification for people. It is safe to paste: it names variables and hosts, and quotes no answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keyhop.standing import Presence, Read, Standing, Verification, Verified

_SHADES = {
    "accepted": "32;1", "rejected": "31;1", "not allowed": "33;1", "cannot tell": "36;1",
    "there": "32;1", "wrong": "31;1", "unknown": "36;1", "absent": "2",
}  # fmt: skip
_Paint = Callable[[str, str], str]


def render(verification: Verification, *, colour: bool = False) -> str:
    """One block for each credential, and a line that counts them."""

    def paint(shade: str, text: str) -> str:
        return f"\x1b[{shade}m{text}\x1b[0m" if colour else text

    blocks = ["\n".join(_block(each, verification, paint)) for each in verification.verified]
    return "\n".join([*blocks, "", _summary(verification)]) + "\n"


def _block(each: Verified, verification: Verification, paint: _Paint) -> Iterator[str]:
    word = str(each.standing or each.presence)
    whose = f"  {each.title}" if each.title else ""
    yield f"{paint(_SHADES[word], word)}: {', '.join(each.names)}{whose}"
    match each.presence:
        case Presence.WRONG:
            for wrong in each.wrong:
                yield f"  {wrong.message} [{wrong.rule}]"
                yield from _mend(wrong.advice, paint)
        case Presence.ABSENT:
            yield "  It is not set, and not always needed."
        case Presence.UNKNOWN if each.brought_by:
            yield f"  This process does not have it. The program brings it itself: {each.brought_by}."
        case Presence.UNKNOWN:
            yield "  Whether it is there does not show: it may be an identity of this machine, or a profile."
        case Presence.THERE if not each.reads and verification.live:
            yield "  Any value would do, so that nobody is asked."
        case Presence.THERE if not each.reads:
            yield "  It is set, and looks as it should. Whether it is accepted, --live asks."
    for read in each.reads:
        yield from _read(read, paint, several=len(each.reads) > 1)
    if each.because and each.because != (each.title,):
        others = f", and {len(each.because) - 2} more" if len(each.because) > 2 else ""
        yield f"   {paint('2', '=')} for {', '.join(each.because[:2])}{others}"


def _read(read: Read, paint: _Paint, *, several: bool) -> Iterator[str]:
    judged = read.judged
    about = f"{read.about}: {judged.standing}: " if several else ""
    lacks = f" ({judged.lacks})" if judged.lacks and judged.lacks != read.about else ""
    yield f"  {about}{_sentence(judged.because)}{lacks}"
    for text in judged.open:
        yield f"   {paint('2', '=')} not told: {text}"
    if judged.standing is not Standing.ACCEPTED:
        yield from _mend(judged.mend, paint)
    if read.origin:
        yield f"   {paint('2', '=')} {_way(read)}"


def _way(read: Read) -> str:
    parts = [f"asked {read.origin}"]
    parts += [f"which {read.moved_by} names"] if read.moved_by else []
    parts += [f"through the proxy {read.proxy}"] if read.proxy else []
    parts += [f"authorities of {read.trust}"] if read.trust else []
    parts += [f"status {read.status}"] if read.status is not None else []
    return ", ".join(parts)


def _mend(text: str, paint: _Paint) -> Iterator[str]:
    if text:
        yield f"   {paint('2', '=')} {text}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _summary(verification: Verification) -> str:
    counts: dict[str, int] = {}
    for each in verification.verified:
        word = str(each.standing or each.presence)
        counts[word] = counts.get(word, 0) + 1
    told = ", ".join(f"{number} {word}" for word, number in counts.items())
    anybody = any(read.origin for each in verification.verified for read in each.reads)
    asked = "asked" if anybody else "nobody was asked"
    return f"{told} ({verification.process}; {verification.scope}; {asked})"
