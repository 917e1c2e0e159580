"""Platforms that start a project's processes from a file of the repository."""
