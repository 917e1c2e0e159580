"""kustomize: what `kubectl kustomize` makes of a directory (kustomize 5.8)."""
