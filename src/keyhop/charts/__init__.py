"""Helm charts: which there are, with which values, and what they start."""
