"""Lambda functions, ECS tasks and App Runner services of CloudFormation templates."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.platforms.cloudformation import read

    yield from read(source, tree, desk, serverless=False)


READER = Reader(
    id="cloudformation",
    title="AWS CloudFormation",
    claims=("*.yaml", "*.yml", "*.template", "*template*.json", "*stack*.json", "*cloudformation*.json"),
    holding=(b"AWS::Lambda::Function", b"AWS::ECS::TaskDefinition", b"AWS::AppRunner::Service"),
    read=_read,
)
