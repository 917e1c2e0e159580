"""Kubernetes: objects of manifests, what a container of them gets, and where the objects come from."""
