"""The crews behind Celery."""

from __future__ import annotations

import os
from typing import Any

import crews
from celery import Celery

app = Celery("queued", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
app.conf.worker_hijack_root_logger = True


@app.task
def attempt(row: dict[str, Any]) -> str:
    return crews.attempt(row)
