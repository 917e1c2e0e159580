"""One module per family of dotenv dialects, each with ``DIALECTS``."""
