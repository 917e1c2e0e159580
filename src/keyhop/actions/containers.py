"""``docker run`` and ``docker compose`` in the steps of a job.

A smoke test starts an image without any credential, and means to. Only a container is followed whose step has one in
its environment, or hands one on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keyhop.actions.job import StepRead
from keyhop.compose.deployment import Deployment, from_command, run_settings, subcommand
from keyhop.compose.emission import Emission
from keyhop.compose.service import Service
from keyhop.documented.commands import Typed
from keyhop.documented.container_runs import mounted, started
from keyhop.documented.containers import ContainerCommand, container_command
from keyhop.documented.images import image_run_by, untagged
from keyhop.facts import END, Everything, Fact, Hop, Phase, Place, PlaceId, Position
from keyhop.images import Image, dockerfile_in, image_of
from keyhop.readers.reader import Desk, Reading
from keyhop.records import dataclass
from keyhop.shells.state import State
from keyhop.span import Source, Span
from keyhop.text.expansion import Pieces
from keyhop.text.shell import parse
from keyhop.text.shell_tree import commands
from keyhop.tree import Tree, join

_SERVING = frozenset(("up", "run", "create", "start"))


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The steps of one job, for what they start in containers."""

    job: PlaceId
    source: Source
    steps: tuple[StepRead, ...]
    tree: Tree
    desk: Desk
    alone: PlaceId | None = None
    """The step that stands for the whole job."""
    every: bool = False
    """Also containers that no credential is near."""

    def readings(self) -> Iterator[Reading]:
        """Every container that a step starts, as a process of its own."""
        for step in self.steps:
            for number, each in enumerate(self._typed(step)):
                run = container_command(each.words)
                if run is not None and run.verb == "run" and run.operands and self._has_keys(step, run):
                    yield from self._run(step, run, each, number)
                elif _is_compose(each.texts) and self._has_keys(step, None):
                    yield from self._composed(step, each, number)

    def _typed(self, step: StepRead) -> Iterator[Typed]:
        launch = step.ran.launch
        variables = dict(launch.step.variables) if launch.step else {}
        state = State(cwd=launch.cwd.strip("/"), variables=variables)
        for node in commands(parse(launch.text or "")):
            words: list[Pieces] = [each for word in node.words for each in state.expand(word)]
            if words:
                yield Typed(
                    source=self.source,
                    node=node,
                    words=tuple(words),
                    directories=tuple(dict.fromkeys((state.cwd, ""))),
                    span=launch.spans(node.start, node.end) or Span(path=self.source.path),
                )

    def _has_keys(self, step: StepRead, run: ContainerCommand | None) -> bool:
        if self.every or (run is not None and run.all("env-file")):
            return True
        return step.holds_key(*(option.text.partition("=")[0] for option in (run.all("env") if run else ())))

    def _shell(self, step: StepRead, deployment: str) -> Iterator[Fact]:
        """The shell of a container's command, which is the step itself."""
        shell = PlaceId(f"{deployment}:shell")
        span = step.ran.launch.span
        yield Place(id=shell, kind="shell", title=step.title, span=span, deployment=deployment)
        yield Hop(
            source=self.job if step.place == self.alone else step.place,
            target=shell,
            passage=Everything(),
            via=step.title,
            at=Position(Phase.HOST),
            taken_at=END,
            span=span,
        )

    def _run(self, step: StepRead, run: ContainerCommand, each: Typed, number: int) -> Iterator[Reading]:
        mounts = tuple(mounted(run, each, self.tree))
        process = PlaceId(f"docker-run:{self.source.path}#{run.get('name') or f'{_short(step.place)}.{number}'}")
        image = self._built(run.texts[0], process) or image_run_by(run, each, self.tree, self.desk)
        if image is None and not any(mount.source for mount in mounts):
            return
        deployment = f"docker run in {step.place}.{number}"
        yield from self._shell(step, deployment)
        yield from started(process, run, each, image, mounts, deployment, self.tree, self.desk)

    def _built(self, reference: str, process: PlaceId) -> Image | None:
        """The image that an earlier command of the same job builds under that name."""
        for step in self.steps:
            for each in self._typed(step):
                build = container_command(each.words)
                if build is None or build.verb != "build" or not build.operands:
                    continue
                if any(untagged(tag.text) == untagged(reference) for tag in build.all("tag")):
                    context = join(each.directories[0], build.texts[0])
                    file = build.get("file")
                    if context is None:
                        continue
                    dockerfile = join(each.directories[0], file) if file else dockerfile_in(self.tree, context)
                    if dockerfile and self.tree.has(dockerfile):
                        return image_of(
                            self.tree,
                            self.desk,
                            context=context,
                            dockerfile=dockerfile,
                            target=build.get("target"),
                            place=PlaceId(f"{process}:image"),
                        )
        return None

    def _composed(self, step: StepRead, each: Typed, number: int) -> Iterator[Reading]:
        """The services of a Compose project, with the step for a shell."""
        words = each.texts[2:] if each.texts[0] == "docker" else each.texts[1:]
        options, verb, rest = subcommand(words)
        if verb not in _SERVING:
            return
        deployment = f"docker compose in {step.place}.{number}"
        found = from_command(options, each.directories[0], self.tree, self.desk, name=deployment)
        if found is None:
            return
        made = tuple(
            file
            for file in found.env_files
            if f"/{file}" in (step.ran.launch.step.made if step.ran.launch.step else ())
        )
        settings = run_settings(rest, each.span) if verb == "run" else ()
        kept = tuple(file for file in found.env_files if file not in made and self.tree.has(file))
        found = replace(found, env_files=kept, named=(), settings=settings)
        yield from self._shell(step, deployment)
        for file in made:
            yield Hop(
                source=PlaceId(f"{self.job}:/{file}"),
                target=PlaceId(f"{deployment}:shell"),
                passage=Everything(),
                via=file,
                at=Position(Phase.HOST),
                span=each.span,
            )
        yield from _InStep(found, self.tree, self.desk, f"{self.job}/").facts()


class _InStep(Emission):
    """A deployment that a step of a job starts."""

    def __init__(self, deployment: Deployment, tree: Tree, desk: Desk, prefix: str) -> None:
        super().__init__(deployment, tree, desk)
        self._prefix = prefix

    def process(self, service: Service) -> PlaceId:
        return PlaceId(f"{self._prefix}{service.name}")


def _is_compose(texts: tuple[str, ...]) -> bool:
    return texts[:2] == ("docker", "compose") or texts[0] in ("docker-compose", "podman-compose")


def _short(place: PlaceId) -> str:
    return place.rpartition("#")[2].replace(":", ".")
