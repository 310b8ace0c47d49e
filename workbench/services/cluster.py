"""A batch on an existing Dask cluster: texts go out as bytes, output files come back as bytes and are written here.

Workers need the workbench installed and nothing of this machine's disk. Each loads the model once, keeps its vectors in
its own ``WORKBENCH_HOME``, and does one text at a time. When one is lost, the scheduler gives its texts to another.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from workbench.errors import UsageError, WorkbenchError
from workbench.services.batch_results import TextResult, write_text
from workbench.services.batch_service import BatchOptions, BatchText, align_text, fingerprint, read_files
from workbench.services.uploads import Upload

CONNECT_SECONDS = 20
WORKER_SECONDS = 60  # how long to wait for the first worker
AHEAD = 3  # texts sent to each thread of the cluster before one comes back: none waits, and no memory fills up

Outcome = tuple[dict[str, bytes], TextResult]


def in_cluster(
    texts: Sequence[BatchText], output: Path, options: BatchOptions, model: str, scheduler: str
) -> Iterator[TextResult]:
    """Align texts on a cluster and write their folders here, as they come back.

    Args:
        texts: To be done.
        output: Where their folders are written.
        options: How they are aligned.
        model: Name of the model here; workers with another one refuse.
        scheduler: ``tcp://HOST:PORT``.

    Raises:
        UsageError: there is no scheduler or no worker, or Dask is not installed.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise UsageError("A cluster needs Dask: pip install 'workbench[cluster]'.") from error
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            "There is no Dask scheduler at {scheduler}: check the address.", scheduler=scheduler
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError as error:
            raise UsageError("The scheduler at {scheduler} has no workers: start some.", scheduler=scheduler) from error
        waiting = list(reversed(texts))
        sent: dict[Any, BatchText] = {}
        done = as_completed(loop=client.loop)

        def send() -> Iterator[TextResult]:
            while waiting and done.count() < AHEAD * max(1, sum(client.nthreads().values())):
                text = waiting.pop()
                try:
                    files = read_files(text)
                except (WorkbenchError, OSError) as error:
                    yield TextResult(text.name, "failed", reason=str(error))
                    continue
                future = client.submit(work, text.name, files, options, model, pure=False)
                sent[future] = text
                done.add(future)

        yield from send()
        for future in done:
            yield _collect(future, sent.pop(future), output, options, model)
            yield from send()
    finally:
        client.close()


def _collect(future: Any, text: BatchText, output: Path, options: BatchOptions, model: str) -> TextResult:
    try:
        files, result = future.result()
        if result.state != "failed":
            write_text(output, fingerprint(text, options, model), files, result)
    except OSError as error:
        return TextResult(text.name, "failed", reason=f"{text.name}: {error.strerror or error}.")
    except Exception as error:
        return TextResult(text.name, "failed", reason=f"{text.name}: the cluster gave it up ({type(error).__name__}).")
    answer: TextResult = result
    return answer


# On the workers ------------------------------------------------------------------------------------------------

_lock = threading.Lock()
_workspace: Any = None


def work(name: str, files: Sequence[Upload], options: BatchOptions, model: str) -> Outcome:
    """Align one text on a worker; what goes wrong with it is told in the result."""
    from dataclasses import replace

    start = time.perf_counter()
    try:
        with _lock:
            workspace = _opened()
            if workspace.encoder.name != model:
                raise UsageError(
                    "a worker has the model {model}, but {model2} is wanted: set WORKBENCH_MODEL.",
                    model=workspace.encoder.name,
                    model2=model,
                )
            made, result = align_text(workspace, name, files, options)
        return made, replace(result, seconds=time.perf_counter() - start)
    except WorkbenchError as error:
        return {}, TextResult(name, "failed", reason=str(error), seconds=time.perf_counter() - start)


def _opened() -> Any:
    """Return this worker's workspace, opened once."""
    global _workspace
    if _workspace is None:
        from workbench.services import open_workspace

        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        _workspace = open_workspace()
    return _workspace
