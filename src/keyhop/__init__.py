"""keyhop follows every API key, hop by hop, to the process that runs a CrewAI crew."""

__version__ = "0.1.0"
