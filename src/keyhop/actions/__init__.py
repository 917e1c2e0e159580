"""GitHub Actions: what the jobs of a workflow run, and what reaches them there."""
