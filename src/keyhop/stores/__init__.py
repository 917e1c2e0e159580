"""Where a process loads its credentials from, one module per kind of store, each with one ``STORE``."""
