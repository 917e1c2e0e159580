"""Env files as people write them, with everything that goes wrong in them."""

from __future__ import annotations

from random import Random

NAMES = (
    *("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SERPER_API_KEY", "DATABASE_URL", "REDIS_URL", "MODEL", "DEBUG"),
    *("A", "B", "C", "Z9", "_X", "lower_case", "Mixed_Case"),
)
ODD_NAMES = ("MY-KEY", "app.name", "9LIVES", "TWO WORDS", "'QUOTED'", "ÜBER", "A[0]", "")
OUTER = {"CTX": "from outside", "CTX_KEY": "sk-out$ide", "CTX_EMPTY": ""}
"""What the process that reads a file has already."""

_KEYS = (
    "sk-proj-aB3dE5fG7hJ9kL1mN3pQ5", "sk-ant-api03-x_Y-z", "AIzaSyD4e5", "gsk_9f",
    "eyJhbGciOi.eyJzdWIi.c2ln", "hf_Xy", "postgres://user:p%40ss@db:5432/app?sslmode=require#frag",
    "redis://:pw@cache:6379/0", "c2VjcmV0Cg==", "https://h.example/v1", "a,b;c", "true", "0", "0123",
    "1e3", "null", "text with blanks", "{a: 1}", '{"a": "b"}', "[1, 2]", "C:\\new\\table", "p@ss!w0rd",
    "a&b", "100%", "~/data", "*.py", "it's", 'say "hi"', "(x)", "<tag>", "`", "-----BEGIN",
)  # fmt: skip
_PIECES = (
    "sk-", "x", "1", " ", "  ", "\t", "=", ":", "#", " #", " # note", "#tag", "'", '"', "\\", "\\\\",
    "\\n", "\\t", "\\'", '\\"', "\\$", "\\ ", "$", "$$", "$1", "$A", "${B}", "${C:-d}", "${C-d}",
    "${_X:+set}", "${U}", "$U", "${CTX}", "$CTX_KEY", "${CTX_EMPTY:-d}", "${CTX_EMPTY-d}", "${U:-${A}}",
    "é", "日本", "🔑", "\u00a0", "\u200b", "“q”", "ß", ",", "!", "~", "{", "}", "[", "%", "@", "/", ".", "-",
    "_", "+", "*",
)  # fmt: skip
_SHELL = ("$(cat f)", "`date`", ";", "&&", "|", "<", ">", "&", "(", ")", "${U:?}", "$((1+1))", "\r", "\0", "\v")
_COMMENTS = ("# a comment", "#A=1", "  # indented", "; semicolon", "#", "# it's \"quoted", "// no comment", "# $A ${")
_TAILS = (*[""] * 6, " ", "\t", " # prod", " #prod", "\t# tab", "# tight", " # it's", ' # "q"', "  ", " x")


FOUND = (
    b"set\nA=1\n",
    b"A=1\nA=(x) # c\nB=2\n",
    b"A=(x)y\nB=2\n",
    b"A= :\nB=2\n",
    b"export A=1 -\nB=2\n",
    b"export A=<missing> x\n",
    b"A=$[B\nB=2\n",
    b"A= B\\\nC=2\n",
    b"A=x # a # b\n",
    b"B=x\x00y\nB=z\n",
    b"A=x\x00y\nB=(x)# c\n",
    b"A=1\nB=(x)# c\nC=\xe9\n",
    b"A=1  \rB='\r",
    b"A=1\nA+=${B}2\n",
    b"export A\n",
    b"A=${U:-${B}}$\n",
    b"A=$#x\xc3\xa9$\xc3\xa9\n",
    b"A: x: y\nB=1\n",
)
"""Files that keyhop and a program once read in different ways, found by generation."""


def env_file(random: Random) -> bytes:
    """One file, tame or wild."""
    wildness = random.choice((0.1, 0.3, 1.0))
    lines = [_line(random, wildness) for _ in range(random.choice((1, 1, 2, 3, 4, 6, 9)))]
    end = random.choices(("\n", "\r\n", "mixed", "\r"), (84, 10, 4, 2))[0]
    text = "".join(line + (random.choice(("\n", "\r\n")) if end == "mixed" else end) for line in lines)
    if random.random() < 0.15:
        text = text.rstrip("\r\n")
    data = text.encode()
    if random.random() < 0.05:
        data = b"\xef\xbb\xbf" + data
    if random.random() < 0.01:
        data += b"L1=\xe9\n"
    return data


def _line(random: Random, wildness: float) -> str:
    if random.random() > wildness:
        return _tame(random)
    kind = random.choices(("assignment", "comment", "blank", "bare", "odd"), (80, 8, 5, 3, 4))[0]
    match kind:
        case "comment":
            return random.choice(_COMMENTS)
        case "blank":
            return random.choice(("", "", "  ", "\t"))
        case "bare":
            return random.choice(("", "export ")) + random.choice((*NAMES, "CTX", "U"))
        case "odd":
            return random.choice(
                (f"{random.choice(ODD_NAMES)}=x", "=x", "set A=1", "A = 1", "A =1", "A= 1", "A:1", "A: 1")
            )
    name = random.choice(NAMES)
    before = random.choices(("", "export ", "  ", "export\t", "export  ", "\t"), (80, 10, 4, 2, 2, 2))[0]
    sign = random.choices(("=", " = ", "= ", " =", ": ", "+="), (88, 4, 3, 2, 2, 1))[0]
    return before + name + sign + _value(random) + random.choice(_TAILS)


def _tame(random: Random) -> str:
    if random.random() < 0.15:
        return random.choice(("", "# a comment"))
    quote = random.choice(("", "", '"', "'"))
    value = random.choice((*_KEYS[:14], "", "${A}", "${CTX}", "x-$B", "${C:-d}", "é"))
    return random.choice(NAMES) + "=" + quote + value + quote + random.choice(("", "", "", " # note"))


def _value(random: Random) -> str:
    kinds = ("key", "single", "double", "pieces", "empty", "lines", "continued", "joined", "shell", "open")
    match random.choices(kinds, (34, 12, 16, 18, 5, 3, 2, 4, 4, 2))[0]:
        case "key":
            return random.choice(_KEYS)
        case "single":
            return "'" + _text(random).replace("'", random.choice(("", "\\'", "'\\''"))) + "'"
        case "double":
            return '"' + _text(random).replace('"', random.choice(("", '\\"'))) + '"'
        case "pieces":
            return _pieces(random)
        case "empty":
            return random.choice(("", "''", '""', " "))
        case "lines":
            quote, end = random.choice('""\''), random.choice(("+/=", "=", " # x", "$A"))
            return f"{quote}-----BEGIN KEY-----\nMIIE{end}\n-----END KEY-----{quote}"
        case "continued":
            return random.choice(_KEYS) + random.choice(("\\\n", " \\\n  ")) + random.choice(("more", "B=2"))
        case "joined":
            return "".join(random.choice(("'a b'", '"c d"', "x", "$A", "\\ ")) for _ in range(3))
        case "open":
            return random.choice("'\"") + random.choice(_KEYS)
        case _:
            return _pieces(random) + random.choice(_SHELL) + _pieces(random)


def _text(random: Random) -> str:
    return random.choice(_KEYS) if random.random() < 0.5 else _pieces(random)


def _pieces(random: Random) -> str:
    return "".join(random.choice(_PIECES) for _ in range(random.choice((1, 2, 2, 3, 4, 6))))
