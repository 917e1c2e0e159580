"""Variables that the code reads by itself and hands to a service."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keyhop import patterns
from keyhop.catalogue import VarName, by_name
from keyhop.clients import client
from keyhop.python.program import Program
from keyhop.python.scopes import Scope, Site
from keyhop.python.uses import Use, assumed, of_variable, variables
from keyhop.python.values import EVERY_CASE, Class, Env, External, Function, Made, Text, Value

_SECRET = patterns.compile(r"(?:^|_)(?:API_?KEY|APIKEY|KEY|TOKEN|PAT|API_SECRET|ACCESS_KEY_ID)$|API_?KEY", re.I)
_OWN = patterns.compile(
    r"(?:^|_)(?:JWT|SESSION|CSRF|COOKIE|ENCRYPT\w*|FERNET|SIGNING|WEBHOOK|VERIFY|VERIFICATION|ADMIN|MASTER|INTERNAL|PUBLIC"
    r"|HASH|SALT|LICENSE|PRIVATE|SSH|TLS|SSL|CERT|VAPID|OAUTH|CLIENT|REFRESH|BEARER|AUTH0|DJANGO|FLASK|APP|NEXTAUTH)(?:_|$)"
    r"|^(?:SECRET_KEY|API_KEY|APIKEY|TOKEN|KEY|AUTH_TOKEN|ACCESS_TOKEN|API_TOKEN|API_SECRET_KEY|SERVICE_TOKEN)$"
    r"|(?:^|_)(?:SECRET_KEY|PRIMARY_KEY|FOREIGN_KEY|MAX_TOKEN|TOKENS?_\w+)$",
    re.I,
)
"""Names of keys that a project makes for itself."""
_STORES = patterns.compile(
    r"(?:^|_)(?:AWS|S3|MINIO|R2|SPACES|REDIS|DB|DATABASE|POSTGRES|PG|MONGO|MYSQL|SMTP|MAIL|EMAIL|SENTRY|STRIPE|RAZORPAY"
    r"|PAYPAL|PAYMENT|TWILIO_AUTH|SENDGRID|CLERK|SUPABASE_JWT|SUPABASE_ANON|LANGFUSE|LANGSMITH|LANGCHAIN|WANDB|POSTHOG|DATADOG"
    r"|NEW_RELIC|CREWAI|RECAPTCHA|HCAPTCHA|TURNSTILE|CLOUDINARY|PUSHER|FIREBASE|VERCEL|NGROK)(?:_|$)",
    re.I,
)
"""Names of keys for storage, payment, mail and watching: not what a crew's work is done with."""
_TOLD = patterns.compile(r"key\b|apikey|token\b|secret|auth|bearer|\bpat\b|cred|_(?:KEY|TOKEN|PAT)\b", re.I)
_SENT = patterns.compile(r"bearer|token=|key=|authorization|basic |api_token", re.I)
"""What a text holds that is an address or a header with a key in it."""
MOST_STEPS = 800
_NOT_SERVICES = ("os.", "builtins.", "logging.", "decouple.", "environ", "crewai.", "crewai_tools.")
"""Libraries whose calls are no use of a key, or one that is told elsewhere."""
_HARMLESS = frozenset(
    [
        "print",
        "len",
        "bool",
        "str",
        "repr",
        "int",
        "isinstance",
        "hasattr",
        "getattr",
        "setattr",
        "type",
        "any",
        "all",
        "log",
    ]
)
_LOGS = frozenset(
    [
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "log",
        "echo",
        "append",
        "add",
        "startswith",
        "strip",
    ]
)
_QUIET = _HARMLESS | _LOGS
_COMPARES = ("compare_digest", "encode", "decode", "verify", "sign", "checkpw")


def found(program: Program) -> Iterator[Use]:
    """Uses of variables that look like credentials and go to a library, a header or an address."""
    own: set[str] = set()
    uses: list[Use] = []
    for scope in program.reached:
        for node, site in scope.module.expressions(scope):
            if isinstance(node, ast.Call) and site not in program.when:
                continue
            if isinstance(node, ast.Compare):
                own |= {
                    n
                    for part in (node.left, *node.comparators)
                    if len(node.comparators) == 1 and not _is_literal(node)
                    for n in _names(program, part, scope)
                }
            elif isinstance(node, ast.Call) and _called(node) in _COMPARES:
                own |= {n for argument in node.args for n in _names(program, argument, scope)}
            else:
                uses += _handed(program, node, scope, site)
    for use in uses:
        if is_credential(use.names) and (by_name().get(VarName(use.credential)) or not use.names & own):
            yield use


def is_credential(names: frozenset[str]) -> bool:
    """Whether variables of these names hold what a service would ask for."""
    return any(
        VarName(n) in by_name() or (_SECRET.search(n) and not _OWN.search(n) and not _STORES.search(n)) for n in names
    ) and not all(_STORES.search(n) and not _model_service(n) for n in names)


def _model_service(name: str) -> bool:
    return any(each.kind != "platform" for each in by_name().get(VarName(name), ())) and not name.startswith("AWS_")


def _handed(program: Program, node: ast.AST, scope: Scope, site: Site) -> Iterator[Use]:
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            if _called(node) in _QUIET or not _is_foreign(program.callees.get(site, [])):
                return
            for argument in (*args, *(k.value for k in keywords)):
                yield from _uses(program, argument, scope, site, scope.module.text(func))
        case ast.Dict(values=values):
            for value in values:
                if isinstance(value, ast.JoinedStr | ast.Name | ast.Attribute | ast.BinOp | ast.Call):
                    yield from _uses(program, value, scope, site, "a header or parameter")
        case ast.JoinedStr() if _SENT.search(scope.module.text(node)):
            yield from _uses(program, node, scope, site, "a text that is sent")
        case ast.Subscript(value=value, slice=index) if isinstance(node.ctx, ast.Load):
            if "environ" in scope.module.text(value) and isinstance(index, ast.Constant):
                yield from _uses(program, node, scope, site, scope.module.text(node))
        case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=str())) as target], value=value):
            copied = "environ" in scope.module.text(target.value)
            for use in _uses(program, value, scope, site, scope.module.text(target)):
                if not copied or _fails_unset(program, value, scope):
                    yield use
        case ast.Assign(targets=[ast.Attribute() as target], value=value):
            if any(isinstance(v, External) for v in program.ev.values(target.value, scope)):
                yield from _uses(program, value, scope, site, scope.module.text(target))


def _fails_unset(program: Program, value: ast.expr, scope: Scope) -> bool:
    """``os.environ["A"] = os.getenv("A")`` raises where the variable is not set."""
    return all(isinstance(v, Env) and v.default is None for v in program.ev.values(value, scope))


def _uses(program: Program, node: ast.expr, scope: Scope, site: Site, because: str) -> Iterator[Use]:
    if not _TOLD.search(scope.module.text(node)):
        return
    program.ev.refresh(MOST_STEPS)
    for start in program.ev.conditions.pass_guards(site.guards, scope, EVERY_CASE):
        for value, case in program.ev.outcomes(node, scope, start):
            if not isinstance(value, Env | Text):
                continue
            for read in variables(value):
                use = of_variable(program, read, site, because)
                yield assumed(use, start, case)


def _is_foreign(callees: list[Value]) -> bool:
    """Whether a call leaves the project: to a library, or to something that is not known."""
    for value in callees:
        match value:
            case Function() | Class():
                return False
            case External(name=name) if name.startswith(_NOT_SERVICES) or client(name) is not None:
                return False
            case Made(by=by) if by.name.startswith(("logging.", "environ")):
                return False
    return True


def _names(program: Program, node: ast.expr, scope: Scope) -> set[str]:
    if not _TOLD.search(scope.module.text(node)):
        return set()
    return {n for value in program.ev.values(node, scope) if isinstance(value, Env) for n in value.names}


def _is_literal(node: ast.Compare) -> bool:
    return any(isinstance(c, ast.Constant) for c in (node.left, *node.comparators))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
