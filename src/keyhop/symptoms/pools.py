"""Pools that hide what broke them: multiprocessing, concurrent.futures, joblib and loky.

The SDKs' status errors pickle and do not unpickle: `multiprocessing.Pool` then hangs, `ProcessPoolExecutor` breaks.
"""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import Level, Source, Symptom

_WORKER = ("keyhop check --shell", "grep -n -i -E 'error|exception|401' WORKER.log")

SYMPTOMS = (
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"(?:Error|Exception)\.__init__\(\) missing \d+ required (?:keyword-only|positional) arguments?|"
        r"Failed to unpickle serialized exception|__init__\(\) missing .{0,20}required .{0,60}'(?:response|"
        r"body|llm_provider)'",
        also=(
            Cause.INVALID_KEY,
            Cause.QUOTA_NOT_AUTH,
            Cause.RATE_LIMIT_NOT_AUTH,
            Cause.PERMISSION_OR_SCOPE,
            Cause.MISSING_IN_PROCESS,
        ),
        certainty=Certainty.POSSIBLE,
        level=Level.MASK,
        cannot_tell=(
            (
                "what the provider answered: the worker raised an SDK's status error (a 400, 401, 403, 404 or "
                "429), which cannot be "
                "unpickled on this side"
            ),
        ),
        next=_WORKER,
        source=Source.MEASURED,
        samples=(
            "TypeError: APIStatusError.__init__() missing 2 required keyword-only arguments: 'response' and 'body'",
        ),
        not_samples=("TypeError: build() missing 1 required positional argument: 'name'",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"BrokenProcessPool|process pool was terminated abruptly|process pool is not usable anymore|"
        r"TerminatedWorkerError|"
        r"A worker process managed by the executor was unexpectedly terminated|A task has failed to un-serialize|"
        r"BrokenThreadPool|WorkerLostError|Worker exited prematurely|MaybeEncodingError|Error sending result",
        also=(
            Cause.INVALID_KEY,
            Cause.MISSING_IN_PROCESS,
            Cause.QUOTA_NOT_AUTH,
            Cause.RATE_LIMIT_NOT_AUTH,
            Cause.TLS_OR_NETWORK_NOT_AUTH,
        ),
        certainty=Certainty.POSSIBLE,
        level=Level.MASK,
        cannot_tell=(
            (
                "what ended the worker: an exception that cannot be unpickled, such as an SDK's 401, a kill for "
                "want of memory, and a "
                "failing initializer look the same from here; the worker's own output tells"
            ),
        ),
        next=_WORKER,
        source=Source.MEASURED,
        samples=(
            (
                "concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated "
                "abruptly while the future "
                "was running or pending."
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"(?:Thread \S+ \(.{0,40}\)|Thread 0x\w+|Current thread 0x).{0,2000}pool\.py\W.{0,120}(?:in "
        r"(?:wait|get|_handle_results|"
        r"_wait_for_updates)|\(pool\.py)|(?:wait|get|_handle_\w+) \((?:multiprocessing/)?pool\.py:\d+\)|"
        r"crewai/crews/utils\.py.{0,80}(?:result|prepare_kickoff)|timed out waiting for (?:the )?(?:pool|worker)",
        near=r"threading\.py|pool\.py|futures|py-spy|faulthandler",
        also=(Cause.INVALID_KEY, Cause.QUOTA_NOT_AUTH, Cause.TLS_OR_NETWORK_NOT_AUTH),
        certainty=Certainty.POSSIBLE,
        level=Level.MASK,
        cannot_tell=(
            (
                "what the pool waits for: a worker that raised an exception which cannot be unpickled never "
                "answers, and neither does "
                "one that was forked after a crew had run in the parent"
            ),
        ),
        next=("py-spy dump --subprocesses --pid PID", *_WORKER),
        source=Source.MEASURED,
        samples=(
            (
                'Thread 0x00007f0a (most recent call first):\n  File "/usr/lib/python3.11/threading.py", line 327 '
                "in wait\n"
                '  File "/usr/lib/python3.11/multiprocessing/pool.py", line 768 in get\n'
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"cannot pickle|can'?t pickle|Can't get attribute|PicklingError|UnpickleableExceptionWrapper|is "
        r"not JSON serializable",
        certainty=Certainty.LIKELY,
        unless=r"__init__\(\) missing",
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("TypeError: cannot pickle '_thread.RLock' object",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"\bOOMKilled\b|Out of memory|oom-kill|\bMemoryError\b|SIGKILL|signal 9|exit(?:ed)?(?: with)?(?: "
        r"code)? 137\b",
        also=(Cause.TLS_OR_NETWORK_NOT_AUTH,),
        level=Level.CLASS,
        samples=("Container worker was OOMKilled, exit code 137",),
    ),
)
