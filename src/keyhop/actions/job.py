"""One job: its steps in their order, and what each of them has in its environment.

The order was seen with act 0.2.89: the environment of the workflow, of the job, what earlier steps wrote to
``$GITHUB_ENV``, of the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace

from keyhop.actions.action import Action, composite, may_set_variables
from keyhop.actions.contexts import Contexts
from keyhop.actions.refusals import Refusal
from keyhop.actions.scripts import Ran, Runner, file_of
from keyhop.actions.workflow import Defaults, Job, Step, Variable, Workflow
from keyhop.actions.writes import Writer
from keyhop.catalogue import by_name
from keyhop.facts import (
    Blindspot,
    Condition,
    Everything,
    Fact,
    Hop,
    Nothing,
    One,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
    Text,
    World,
)
from keyhop.images import Image, foreign_image
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.actions_expressions import Known, condition, lookups, parts, word
from keyhop.text.expansion import discreet, plain
from keyhop.text.sealed import Sealed
from keyhop.tree import Tree

_CONTAINER, _WORKFLOW, _JOB, _RUNNER_FILES, _STEP = 1, 2, 3, 10, 10_000
"""Positions of what is written into a step's environment before its script begins."""
_DEEPEST = 8
_MASKED = Condition(text="GitHub hands on no output that holds a secret")
_DATA = frozenset({"env", "vars", "inputs", "steps", "needs"})
"""Contexts on which it depends whether a step is ever run, beside the event that starts the workflow."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One ``env:`` that a step gets, with the contexts in which it is written."""

    variables: tuple[Variable, ...]
    via: str
    number: int
    contexts: Contexts


@dataclass(frozen=True, kw_only=True)
class StepRead:
    """One step with a script."""

    place: PlaceId
    title: str
    environment: tuple[Fact, ...]
    """What it has in its environment when its script begins."""
    ran: Ran

    @property
    def starts(self) -> bool:
        """Whether it starts code of the project that is meant to have its credentials.

        ``python -c "import app"`` without any is a smoke test.
        """
        return self.ran.starts and (not self.ran.snippet or self.holds_key())

    def holds_key(self, *more: str) -> bool:
        """Whether a credential of the catalogue is written into its environment, or is among `more`."""
        facts = (*self.environment, *self.ran.facts, *self.ran.besides)
        names = {*more, *(name for fact in facts if (name := _written(fact)))}
        return not names.isdisjoint(by_name())


@dataclass(kw_only=True)
class JobRead:
    """The steps of one job, read in their order."""

    id: PlaceId
    """The process."""
    job: Job
    tree: Tree
    desk: Desk
    prefix: str = ""
    """Tells the legs of a matrix apart."""
    steps: list[StepRead] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    """What is beside the steps: inputs and outputs."""
    refusals: list[Refusal] = field(default_factory=list)
    _image: Image | None = None
    _unseen: list[tuple[int, str, Span]] = field(default_factory=list)
    _files: list[tuple[int, PlaceId]] = field(default_factory=list)
    _dynamic: set[str] = field(default_factory=set)
    _made: dict[str, None] = field(default_factory=dict)
    _inside: bool | None = None
    _count: int = 0

    def read(self, workflow: Workflow, contexts: Contexts) -> None:
        """Reads all steps. `contexts` are those of the job."""
        job = self.job
        self._image = foreign_image(job.container) if job.container else None
        layers = (
            Layer(variables=job.container_env, via="container: env:", number=_CONTAINER, contexts=contexts),
            Layer(variables=workflow.env, via="env: of the workflow", number=_WORKFLOW, contexts=contexts),
            Layer(variables=job.env, via="env: of the job", number=_JOB, contexts=contexts),
        )
        defaults = Defaults(
            shell=job.defaults.shell or workflow.defaults.shell,
            directory=job.defaults.directory or workflow.defaults.directory,
        )
        held, given = self._held(job.condition, contexts)
        if held is not False:
            outputs = self._sequence(job.steps, contexts, layers, self.prefix, defaults, given, 0)
            self._job_outputs(replace(contexts, outputs={**contexts.outputs, **outputs}))

    def _sequence(
        self,
        steps: tuple[Step, ...],
        contexts: Contexts,
        layers: tuple[Layer, ...],
        prefix: str,
        defaults: Defaults,
        given: Condition | None,
        depth: int,
    ) -> dict[str, PlaceId]:
        """Reads steps that follow each other, and says where the outputs of each are."""
        outputs: dict[str, PlaceId] = {}
        for step in steps:
            self._count += 1
            number = f"{prefix}{step.number}"
            place = PlaceId(f"{self.id}:{number}")
            before = replace(
                contexts,
                environment=place,
                env=self._known(layers),
                env_open=bool(self._unseen),
                outputs={**contexts.outputs, **outputs},
            )
            step = _titled(step, before)
            held, own = self._held(step.condition, before)
            if held is False:
                continue
            own = own or given
            mine = Layer(variables=step.env, via="env: of the step", number=_STEP + depth, contexts=before)
            if step.run is not None:
                inside = before.within(_evaluated(mine))
                ran = Runner(job=self.id, tree=self.tree, desk=self.desk).run(
                    step.run,
                    place,
                    number,
                    shell=step.shell or defaults.shell,
                    directory=self._path(step.directory or defaults.directory, inside),
                    contexts=inside,
                    given=own,
                    made=tuple(self._made),
                    inside=self._inside,
                )
                self._add(step, place, number, (*layers, mine), ran)
                target = file_of(self.id, "output", number)
                self.facts.append(Place(id=target, kind="scope", title=f"the outputs of {_title(step)}"))
                outputs[f"steps.{step.id}"] = target
            elif step.uses:
                target = self._used(step, place, number, before, (*layers, mine), own, depth)
                outputs[f"steps.{step.id}"] = target
        return outputs

    def _add(self, step: Step, place: PlaceId, number: str, layers: tuple[Layer, ...], ran: Ran) -> None:
        environment = (*self._environment(place, layers, step), *ran.pasted)
        self.steps.append(StepRead(place=place, title=_title(step), environment=environment, ran=ran))
        self._made.update(dict.fromkeys(ran.made))
        self._dynamic |= ran.names
        self._inside = ran.launch.step.environment_inside if ran.launch.step else None
        env = file_of(self.id, "env", number)
        self._files.append((self._count, env))
        self.facts.append(Place(id=env, kind="scope", title="$GITHUB_ENV", span=step.span))

    def _used(
        self,
        step: Step,
        place: PlaceId,
        number: str,
        contexts: Contexts,
        layers: tuple[Layer, ...],
        given: Condition | None,
        depth: int,
    ) -> PlaceId:
        """A step that uses an action. Says where the action's outputs are."""
        target = PlaceId(f"{place}:outputs")
        action = composite(step.uses, self.tree) if depth < _DEEPEST else None
        if action is None:
            why = f"what {step.uses} puts out is not in view"
            self.facts.append(
                Place(id=target, kind="scope", title=f"outputs of {step.uses}", world=World.OPEN, why=why)
            )
            if may_set_variables(step.uses):
                self._unseen.append((self._count, f"{step.uses} may set variables", step.span))
            return target
        self.refusals += action.refusals
        self.facts.append(Place(id=place, kind="scope", title=_title(step), span=step.span))
        self.facts += self._environment(place, layers, step)
        inner = self._inputs(action, step, place, contexts)
        outputs = self._sequence(action.steps, inner, layers, f"{number}.", Defaults(), given, depth + 1)
        self.facts.append(Place(id=target, kind="scope", title=f"outputs of {step.uses}", span=step.span))
        reading = replace(inner, outputs=outputs)
        writer = Writer(target=target, via="outputs:", desk=self.desk, contexts=reading)
        for output in action.outputs:
            self.facts += writer.write(output, Position(Phase.HOST))
        return target

    def _inputs(self, action: Action, step: Step, place: PlaceId, contexts: Contexts) -> Contexts:
        inputs = PlaceId(f"{place}:inputs")
        self.facts.append(Place(id=inputs, kind="scope", title=f"the inputs of {step.uses}", span=step.span))
        inside = contexts.within({v.name: _value(v, contexts) for v in step.env})
        writer = Writer(target=inputs, via="with:", desk=self.desk, contexts=inside)
        given = {variable.name.lower(): variable for variable in step.given}
        known: dict[str, Known] = {}
        for declared in action.inputs:
            name = declared.name.lower()
            variable = given.get(name) or Variable(
                name=name, template=declared.default or Sealed(""), span=declared.span
            )
            variable = replace(variable, name=name)
            value = _value(variable, inside)
            if value is not None:
                known[name] = value
            self.facts += writer.write(variable, Position(Phase.HOST, _STEP * 2))
        return replace(contexts, inputs=inputs, known_inputs=known, outputs={})

    def _environment(self, place: PlaceId, layers: tuple[Layer, ...], step: Step) -> Iterator[Fact]:
        """What a step finds in its environment."""
        yield Hop(
            source=layers[-1].contexts.secrets,
            target=place,
            passage=Nothing(),
            via=f"env: of {_title(step)}",
            at=Position(Phase.HOST),
            span=step.env_span or step.span,
        )
        if self._image is not None:
            yield from self._image.facts
            yield from self._image.handed_to(place)
        for layer in layers:
            contexts = replace(layer.contexts, environment=place)
            writer = Writer(target=place, via=layer.via, desk=self.desk, contexts=contexts)
            for variable in layer.variables:
                yield from writer.write(variable, Position(Phase.HOST, layer.number))
        for number, file in self._files:
            yield Hop(
                source=file,
                target=place,
                passage=Everything(),
                via="$GITHUB_ENV",
                at=Position(Phase.HOST, _RUNNER_FILES + number),
                span=step.span,
            )
        for number, why, where in self._unseen:
            yield Blindspot(place=place, why=why, at=Position(Phase.HOST, _RUNNER_FILES + number), span=where)

    def _known(self, layers: tuple[Layer, ...]) -> dict[str, Known | None]:
        """The ``env`` context, as far as it is in view."""
        found: dict[str, Known | None] = {}
        for layer in layers:
            found.update(_evaluated(layer))
        return {**found, **dict.fromkeys(self._dynamic)}

    def _held(self, text: str, contexts: Contexts) -> tuple[bool | None, Condition | None]:
        """Whether an ``if:`` holds, and on what it depends beside the event that starts the workflow."""
        expression = condition(text) if text else None
        if not text:
            return True, None
        known = contexts.value(expression) if expression is not None else None
        if known is not None:
            return known.truth, None
        names = {str(each.path[0]).lower() for each in lookups(expression)} if expression is not None else _DATA
        return None, Condition(text=f"if: {discreet(text)}") if names & _DATA else None

    def _path(self, directory: str, contexts: Contexts) -> str:
        known = contexts.text(Sealed(directory))
        return directory if known is None else plain(word(known)) or ""

    def _job_outputs(self, contexts: Contexts) -> None:
        place = outputs_of(self.id)
        self.facts.append(
            Place(id=place, kind="scope", title=f"the outputs of job {self.job.id}", span=self.job.span)
        )
        secret = any(map(_secretive, (*self.job.env, *(v for step in self.job.steps for v in step.env))))
        secret = secret or any(step.run and _mentions(Sealed(step.run.text)) for step in self.job.steps)
        writer = Writer(target=place, via="outputs:", desk=self.desk, contexts=contexts)
        for output in self.job.outputs:
            self.facts += writer.write(output, Position(Phase.HOST), _MASKED if secret else None)


def _written(fact: Fact) -> str:
    """The one name that a fact writes; empty for none, or many."""
    match fact:
        case Supply(name=name) | Hop(passage=One(name=name) | Text(name=name)):
            return name
    return ""


def _secretive(variable: Variable) -> bool:
    return variable.template is not None and _mentions(variable.template)


def _mentions(template: Sealed) -> bool:
    """Whether a text has a secret in it."""
    found = (part.expression for part in parts(template) if part.expression is not None)
    return any(str(each.path[0]).lower() == "secrets" for e in found for each in lookups(e))


def outputs_of(job: PlaceId) -> PlaceId:
    """Where the outputs of a job are."""
    return PlaceId(f"{job}:outputs")


def _titled(step: Step, contexts: Contexts) -> Step:
    """The step with its name as GitHub shows it."""
    known = contexts.text(Sealed(step.name)) if step.name else None
    return step if known is None else replace(step, name=plain(word(known)) or "")


def _title(step: Step) -> str:
    return f"step {step.name or step.id or step.number}"


def _value(variable: Variable, contexts: Contexts) -> Known | None:
    return None if variable.template is None else contexts.text(variable.template)


def _evaluated(layer: Layer) -> dict[str, Known | None]:
    return {variable.name: _value(variable, layer.contexts) for variable in layer.variables}
