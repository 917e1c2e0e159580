"""What a project's documents, scripts and Makefiles tell people to type."""
