"""Paths inside a process's file system."""

from __future__ import annotations

from posixpath import normpath


def absolute(directory: str, path: str) -> str:
    """`path` as seen from an absolute directory, with one slash in front and none behind."""
    joined = path if path.startswith("/") else f"{directory}/{path}"
    return normpath(f"/{joined.lstrip('/')}")
