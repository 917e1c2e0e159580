"""Hosts of workers, one module each: where a refusal really stops the host, and what its workers see."""
