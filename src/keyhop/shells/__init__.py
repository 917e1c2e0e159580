"""Following what a shell script starts, and what it does to the environment of that."""
