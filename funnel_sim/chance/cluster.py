"""Blocks of work on a running Dask cluster: the same function, the same digits as in one process.

Loaded only where a scheduler is asked for, since Dask is an extra of the installation. The work
travels as one task of its own, so that whatever a worker took with it is made again elsewhere; few
blocks wait at a time, so that stopping is quick. Whatever may not answer is waited for up to a
limit, and then told in one sentence.
"""

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import dask
import distributed
import numpy as np

from funnel_sim.chance.job import Arrays, Job
from funnel_sim.errors import refuse
from funnel_sim.scenario.files import MODEL_VERSION

_ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
_CONNECT = 10
"""Seconds after which a scheduler that does not answer is not there."""
_LOOK = 1
"""Seconds between two looks at who works."""
_PATIENCE = 20
"""Seconds for which no worker may be there: one that was killed is started again in less."""
_GONE = (OSError, TimeoutError, distributed.CancelledError)


def on_cluster(job: Job, numbers: list[int], address: str) -> Iterator[tuple[int, Arrays]]:
    """Yield blocks as workers of a cluster have done them.

    Args:
        job: the work.
        numbers: which blocks.
        address: of the scheduler, "tcp://host:8786".

    Yields:
        (number, arrays by name) of each block.

    Raises:
        InputError: if there is no scheduler, it has no workers, these run another version of
            this program, or they keep dying.
    """
    if not _ADDRESS.fullmatch(address):
        raise refuse("scheduler", address, "scheduler_address")
    with _quiet(), _client(address) as client:
        _check(client, address)
        sent = client.submit(_whole, job, pure=False)
        waiting: dict[Any, int] = {}
        rest = iter(numbers)
        try:
            while True:
                most = 2 * max(1, sum(client.nthreads().values()))
                for number in rest:
                    waiting[client.submit(_block, sent, number, _versions(), pure=False)] = number
                    if len(waiting) >= most:
                        break
                if not waiting:
                    return
                for future in _finished(client, list(waiting), address):
                    yield waiting.pop(future), future.result()
        except distributed.KilledWorker:
            times = dask.config.get("distributed.scheduler.allowed-failures") + 1
            raise refuse("scheduler", address, "workers_died", times=times) from None
        except _GONE:
            raise refuse("scheduler", address, "scheduler_lost") from None
        except (ImportError, RuntimeError) as error:
            # what travels by its name is not known there; of the scheduler Dask says it so
            if isinstance(error, RuntimeError) and "deserializ" not in str(error):
                raise
            raise refuse("scheduler", address, "scheduler_without") from None
        finally:
            with suppress(*_GONE):
                client.cancel([*waiting, sent])


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask writes of lost connections to itself: it is told in one sentence."""
    logs = [logging.getLogger(name) for name in logging.root.manager.loggerDict if _of_dask(name)]
    before = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL + 1)
    settings = {"distributed.admin.large-graph-warning-threshold": "1 GiB"}
    try:
        with dask.config.set(settings):
            yield
    finally:
        for log, level in zip(logs, before, strict=True):
            log.setLevel(level)


def _of_dask(logger: str) -> bool:
    return logger.partition(".")[0] == "distributed"


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared in `_check`
            client = distributed.Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise refuse("scheduler", address, "scheduler_missing", seconds=_CONNECT) from None
    try:
        yield client
    finally:
        with suppress(*_GONE):
            client.close(timeout=_CONNECT)


def _check(client: Any, address: str) -> None:
    """Refuse a cluster without this program, or with other versions than this process has; workers
    that come later are asked with each block.
    """
    try:
        found = client.get_versions()
        told = client.run(_versions, on_error="return").values()
    except _GONE:
        raise refuse("scheduler", address, "scheduler_lost") from None
    for one in (found["scheduler"], *found["workers"].values()):
        ours, theirs = (f"Dask {of['packages']['distributed']}" for of in (found["client"], one))
        if theirs != ours:
            raise refuse("scheduler", address, "scheduler_other", theirs=theirs, ours=ours)
    ours = _versions()
    for theirs in told:
        if isinstance(theirs, Exception) and not isinstance(theirs, _GONE):
            raise refuse("scheduler", address, "scheduler_without")
        if isinstance(theirs, str) and theirs != ours:
            raise refuse("scheduler", address, "scheduler_other", theirs=theirs, ours=ours)


def _finished(client: Any, waiting: list[Any], address: str) -> list[Any]:
    """Return which are done, once one of them is."""
    alone = 0
    while True:
        with suppress(TimeoutError), client.as_current():
            done = distributed.wait(waiting, timeout=_LOOK, return_when="FIRST_COMPLETED").done
            return list(done)
        alone = 0 if client.nthreads() else alone + _LOOK
        if alone >= _PATIENCE:
            raise refuse("scheduler", address, "scheduler_alone", seconds=_PATIENCE)


def _whole(job: Job) -> Job:
    """Return the work: a task, so that it is made again where a worker took it with it."""
    return job


def _versions() -> str:
    """Return on what the digits of a block rest."""
    return f"model {MODEL_VERSION}, NumPy {np.__version__}"


def _block(job: Job, number: int, ours: str) -> Arrays:
    theirs = _versions()
    if theirs != ours:
        raise refuse("scheduler", None, "scheduler_other", theirs=theirs, ours=ours)
    return job.block(number)
