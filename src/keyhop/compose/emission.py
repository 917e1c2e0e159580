"""From a deployment to facts: its scope, and for each service what it gets, in the order of precedence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from posixpath import normpath

from keyhop.catalogue import VarName
from keyhop.compose.deployment import Deployment
from keyhop.compose.loading import Loader, Model
from keyhop.compose.mounts import content_facts, file_layers, mounted, undeclared
from keyhop.compose.problem import Problem
from keyhop.compose.scope import EnvFileCopy, Scope, open_scope, scope_facts
from keyhop.compose.service import EnvFile, Service
from keyhop.compose.variables import Variable
from keyhop.compose.writes import Writer
from keyhop.documented.images import built_image
from keyhop.facts import (
    Blindspot,
    Condition,
    Fact,
    Hop,
    IfUnset,
    Nothing,
    Phase,
    Place,
    PlaceId,
    Position,
)
from keyhop.images import Image, dockerfile_in, foreign_image, image_of
from keyhop.launch import Launch
from keyhop.readers.reader import Desk
from keyhop.span import Source, Span
from keyhop.text.interpolation import Refused
from keyhop.text.sealed import Sealed
from keyhop.tree import Tree, join

_LAST = Position(Phase.HOST, 1_000_000)
_VIA = "compose environment:"


def deployment_facts(deployment: Deployment, tree: Tree, desk: Desk) -> Iterator[Fact | Launch]:
    """All that is to be said of one deployment."""
    yield from Emission(deployment, tree, desk).facts()


class Emission:
    """The facts of one deployment."""

    def __init__(self, deployment: Deployment, tree: Tree, desk: Desk) -> None:
        self.deployment = deployment
        self.tree = tree
        self.desk = desk
        name = deployment.name
        env_files = tuple(p for p in deployment.env_files if tree.has(p) or desk.promises.promised(p))
        self.scope, problems = open_scope(
            PlaceId(f"{name}:interpolation"), PlaceId(f"{name}:shell"), env_files, tree, desk
        )
        self.model = Loader(tree, desk).load(deployment.files, deployment.directory, self.scope)
        self.model.problems[:0] = problems
        for path in deployment.named:
            if path not in env_files:
                problem = Problem(why=f"the env file {path} is not there", span=Span(path=deployment.files[0]))
                self.model.problems.append(problem)

    def facts(self) -> Iterator[Fact | Launch]:
        name = self.deployment.name
        for scope in self.model.scopes:
            yield from scope_facts(scope, name, f"the interpolation of {name}", self.tree, self.desk)
        for service in self.model.services.values():
            yield from self._service(service)
        yield from self._blindspots(self.model)

    def process(self, service: Service) -> PlaceId:
        path = service.span.path
        file = path if path in self.deployment.parts else self.deployment.id_file
        return PlaceId(f"compose:{file}#{service.name}")

    def _service(self, service: Service) -> Iterator[Fact | Launch]:
        process = self.process(service)
        yield Place(
            id=process,
            kind="process",
            title=f"service {service.name}",
            span=service.span,
            deployment=self.deployment.name,
        )
        yield Hop(
            source=service.scope.place,
            target=process,
            passage=Nothing(),
            via=_VIA,
            at=Position(Phase.HOST),
            span=service.environment_span or service.span,
        )
        image, facts = self._image(service, process)
        if service.image or service.build:
            yield from facts
            yield from image.facts
            yield from image.handed_to(process)
        yield from self._writes(service, process)
        yield from content_facts(process, service, self.model, self.deployment.name, self.tree, self.desk)
        self.model.problems += undeclared(service, self.model)
        if not service.complete:
            self._refuse("it has neither image nor build", service.span, service)
        elif not service.provider:
            launch = image.launch(
                process,
                entrypoint=service.entrypoint.words if service.entrypoint else None,
                command=service.command.words if service.command else None,
                layers=(*mounted(service, image.layers), *file_layers(service, self.model)),
                span=service.command.span if service.command else service.span,
            )
            yield replace(launch, cwd=normpath(service.working_dir)) if service.working_dir else launch

    def _writes(self, service: Service, process: PlaceId) -> Iterator[Fact]:
        """``env_file:`` in order, then ``environment:``, then ``-e`` of `docker compose run`."""
        number = 0
        beside = _known_values(service)
        earlier: dict[str, Sealed] = {}
        for env_file in service.env_files:
            number += 1
            at = Position(Phase.HOST, number)
            copy = self._copy(env_file, process, at, beside, earlier)
            yield from self._env_file(env_file, service, process, at, copy)
            earlier = {**earlier, **(copy.values(self.tree) if copy else {})}
        number += 1
        at = Position(Phase.HOST, number)
        writer = Writer(target=process, via=_VIA, desk=self.desk)
        for unnamed in service.environment.unnamed:
            why = "the name of a variable rests on names that are not in view"
            yield Blindspot(place=process, why=why, at=at, span=unnamed.span)
        for variable in service.environment.by_name:
            yield from writer.write(variable, at)
        for setting in self.deployment.settings:
            if setting.service == service.name:
                given = None if setting.certain else Condition(text="it is started by docker compose run -e")
                variable = Variable(name=setting.name, value=setting.value, scope=self.scope, span=setting.span)
                run = Writer(target=process, via="docker compose run -e", desk=self.desk, given=given)
                yield from run.write(variable, Position(Phase.HOST, number + 1))

    def _env_file(
        self,
        env_file: EnvFile,
        service: Service,
        process: PlaceId,
        at: Position,
        copy: EnvFileCopy | None,
    ) -> Iterator[Fact]:
        path = env_file.path
        if path is None or copy is None:
            why = f"env_file {env_file.written} is not in view"
            yield Blindspot(place=process, why=why, at=at, span=env_file.span)
            return
        if self.tree.has_directory(path):
            self._refuse(f"env_file {env_file.written} is a directory", env_file.span, service)
            return
        promises = self.desk.promises
        if not self.tree.has(path) and not promises.promised(path) and not promises.possible(path):
            if not env_file.required:
                return
            self._refuse(f"env_file {env_file.written} is not there", env_file.span, service)
        problem = copy.problem(self.tree)
        if problem is not None:
            self.model.problems.append(replace(problem, service=service.name))
        yield from copy.hops(self.tree, self.desk)

    def _copy(
        self,
        env_file: EnvFile,
        process: PlaceId,
        at: Position,
        beside: Mapping[str, Sealed],
        earlier: Mapping[str, Sealed],
    ) -> EnvFileCopy | None:
        """The file as a copy into the process; None where it is not in view."""
        path = env_file.path
        if path is None:
            return None
        return EnvFileCopy(
            path=path,
            target=process,
            dialect=env_file.dialect,
            via="compose env_file:",
            at=at,
            scope=self.scope,
            beside=beside,
            earlier=earlier,
            span=env_file.span,
        )

    def _refuse(self, why: str, span: Span, service: Service) -> None:
        self.model.problems.append(Problem(why=why, span=span, service=service.name))

    def _image(self, service: Service, process: PlaceId) -> tuple[Image, tuple[Fact, ...]]:
        """The service's image, and the arguments that the file gives to its build."""
        build, name = service.build, self.deployment.name
        if build is None:
            reference, place = service.image or "", PlaceId(f"{process}:image")
            own = built_image(reference, self.tree, self.desk, place=place, deployment=name)
            return own or foreign_image(reference, deployment=name), ()
        args = PlaceId(f"{process}:args")
        facts: list[Fact] = [Place(id=args, kind="scope", title="build args", span=build.span, deployment=name)]
        writer = Writer(target=args, via="compose build args:", desk=self.desk, if_unset=IfUnset.KEEP)
        for variable in build.args.by_name:
            facts += writer.write(variable, Position(Phase.IMAGE))
        context = build.context
        if context is None and not build.outside:
            context = self.deployment.directory
        image = image_of(
            self.tree,
            self.desk,
            context=context,
            dockerfile=self._dockerfile(build.inline, context, build.dockerfile),
            target=build.target,
            args=args,
            place=PlaceId(f"{process}:image"),
            deployment=name,
        )
        return image, tuple(facts)

    def _dockerfile(self, inline: Span | None, context: str | None, name: str | None) -> str | Source:
        if inline is not None:
            source = self.tree.source(inline.path)
            if source is not None:
                return inline_dockerfile(source, inline)
        if context is None:
            return name or "Dockerfile"
        return dockerfile_in(self.tree, context, name) or join(context, name or "Dockerfile") or "Dockerfile"

    def _blindspots(self, model: Model) -> Iterator[Blindspot]:
        """What Compose refuses: it starts no service of the deployment until that is mended."""
        for problem in dict.fromkeys(model.problems):
            service = model.services.get(problem.service)
            place = self.process(service) if service else None
            why = f"docker compose refuses it: {problem.why}"
            yield Blindspot(
                place=place,
                why=why,
                at=_LAST,
                names=None if problem.names is None else frozenset(map(VarName, problem.names)),
                writes=place is not None,
                span=problem.span,
            )


def inline_dockerfile(source: Source, span: Span) -> Source:
    """The text of ``dockerfile_inline`` as a file of its own; all around it is blank, so that lines stay true."""
    text = source.text
    start = text.find("\n", span.start) + 1 if text[span.start : span.start + 1] in ("|", ">") else span.start + 1
    blank = re.sub(r"[^\n]", " ", text[:start])
    return Source(path=source.path, data=(blank + text[start : span.end]).encode())


def _known_values(service: Service) -> dict[str, Sealed]:
    """The values of ``environment:`` that are in view: env files of the service may mention them."""
    found: dict[str, Sealed] = {}
    for variable in service.environment.by_name:
        scope: Scope = variable.scope
        if variable.value is None:
            value = scope.known.get(variable.name)
        else:
            try:
                value = scope.resolved(variable.value)
            except Refused:
                value = None
        if value is not None:
            found[variable.name] = value
    return found
