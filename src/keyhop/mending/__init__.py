"""One module per kind of file that can be mended, each with one ``MENDER``."""
