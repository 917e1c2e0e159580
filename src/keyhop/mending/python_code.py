"""Python: env files loaded before they are needed, environments inherited, arguments that are heeded or lack."""

from __future__ import annotations

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import Argument, Attach, Configure, Hoist, Inherit, Pass, PassField, Remedy
from keyhop.span import Source
from keyhop.text import python_attach, python_calls, python_edits
from keyhop.tree import Tree

_OF_PYTHON = Hoist | Inherit | Argument | Pass | PassField | Configure | Attach


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    if not isinstance(remedy, _OF_PYTHON) or not remedy.span.path.endswith(".py"):
        return None
    source = tree.source(remedy.span.path)
    if source is None:
        return None
    match remedy:
        case Hoist(span=span):
            found = python_edits.moved_up(source, span.line)
        case Inherit(span=span):
            found = python_edits.inherited(source, span.line)
        case Argument(old=old, new=new, span=span):
            found = python_edits.renamed_argument(source, span.line, old, new)
        case Configure(span=span):
            entries = {key: f'os.environ["{name}"]' for key, name in remedy.variables}
            found = python_calls.configured(source, span, remedy.argument, entries)
        case Attach(host=""):
            found = python_attach.around_pool(source, remedy.span.line, remedy.what)
        case Attach(host=host):
            found = python_attach.below_binding(source, host, remedy.what)
        case Pass():
            found = _passed(remedy, source)
        case PassField(span=span):
            home = tree.source(remedy.settings.path)
            line = remedy.settings.line
            text = python_calls.instance_field(source, span, home, line, remedy.name) if home else ""
            found = python_calls.passed(source, span, remedy.argument, text) if text else ()
    return Proposal(source, tuple(Change(*each) for each in found)) if found else None


def _passed(remedy: Pass, source: Source) -> tuple[python_edits.Stretch, ...]:
    span, argument = remedy.span, remedy.argument
    if remedy.decorator:
        return python_calls.passed_to_decorator(source, span.start, remedy.decorator, argument, remedy.text)
    text = python_calls.as_beside(source, span, argument) or remedy.text
    return python_calls.passed(source, span, argument, text) if text else ()


MENDER = Mender(
    id="python",
    title="Python code",
    mends=(
        "`load_dotenv()` above the imports; `env=` of a program; `llm=`, `planning_llm=`, `embedder=` and its "
        "`config`, `api_key=` and `acks_late=`; the argument that a model heeds; `keyhop.attach`"
    ),
    propose=_propose,
)
