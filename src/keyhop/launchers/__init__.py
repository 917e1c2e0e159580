"""One module per family of commands, each with one ``LAUNCHER``."""
