"""Work in blocks, here, in processes beside this one, or on a Dask cluster: whatever is cut,
wherever it runs, and whichever block is done first, the answer is that of one process.

A block gives arrays by name. A worker that dies takes its blocks with it, and they are done again;
blocks that are kept in a folder are not done twice.
"""

import importlib
import multiprocessing
import os
import signal
import zipfile
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path

import numpy as np

from funnel_sim.chance.job import Arrays, Job
from funnel_sim.errors import refuse, refuse_file

MOST_WORKERS = 64
_TRIES = 5
"""Times in a row that all workers may die before another block is done."""


def done(
    job: Job,
    blocks: int,
    workers: int = 1,
    kept: Path | None = None,
    scheduler: str | None = None,
) -> Generator[tuple[int, Arrays], None, None]:
    """Yield each block's number and what it gives, in the order in which they are done.

    Whoever stops asking stops the work: blocks not yet begun are dropped.

    Args:
        job: the work.
        blocks: in how many blocks it is cut.
        workers: how many processes; with 1 everything is done in this one.
        kept: a folder for finished blocks of this very job, from which later runs take them; None
            keeps none.
        scheduler: the address of a running Dask scheduler, whose workers do the blocks then; None
            for this machine.

    Yields:
        (number, arrays by name) of each block.

    Raises:
        InputError: if there are fewer than one worker or too many, they keep dying, or the
            scheduler is not there or of no use (`cluster.on_cluster`).
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise refuse("workers", workers, "workers", most=MOST_WORKERS)
    missing = []
    for number in range(blocks):
        before = _read(kept, number)
        if before is None:
            missing.append(number)
        else:
            yield number, before
    if scheduler is not None:
        fresh = _elsewhere(job, missing, scheduler)
    else:
        fresh = _here(job, missing) if workers == 1 else _beside(job, missing, workers)
    for number, arrays in fresh:
        _keep(kept, number, arrays)
        yield number, arrays


def _here(job: Job, numbers: list[int]) -> Iterator[tuple[int, Arrays]]:
    for number in numbers:
        yield number, job.block(number)


def _elsewhere(job: Job, numbers: list[int], scheduler: str) -> Iterator[tuple[int, Arrays]]:
    """Return the blocks of a Dask cluster; Dask is an extra, and loaded here only."""
    try:
        cluster = importlib.import_module("funnel_sim.chance.cluster")
    except ModuleNotFoundError:
        raise refuse("scheduler", scheduler, "scheduler_extra") from None
    blocks: Iterator[tuple[int, Arrays]] = cluster.on_cluster(job, numbers, scheduler)
    return blocks


def _beside(job: Job, numbers: list[int], workers: int) -> Iterator[tuple[int, Arrays]]:
    left, died = set(numbers), 0
    while left:
        pool = ProcessPoolExecutor(
            min(workers, len(left)), multiprocessing.get_context("spawn"), _start, (job,)
        )
        try:
            for number, arrays in _of_pool(pool, sorted(left), workers):
                left.discard(number)
                died = 0
                yield number, arrays
        except BrokenProcessPool:
            died += 1
            if died >= _TRIES:
                raise refuse("workers", workers, "workers_died", times=_TRIES) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _of_pool(
    pool: ProcessPoolExecutor, numbers: list[int], workers: int
) -> Iterator[tuple[int, Arrays]]:
    """Yield blocks as they are done; few are waiting at a time, so that stopping is quick."""
    waiting: dict[Future[Arrays], int] = {}
    rest = iter(numbers)
    while True:
        for number in rest:
            waiting[pool.submit(_block, number)] = number
            if len(waiting) >= 2 * workers:
                break
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            number = waiting.pop(future)
            yield number, future.result()


_job: list[Job] = []
"""The work of this process, where it is a worker."""


def _start(job: Job) -> None:
    """Get ready for blocks; who sits at the keyboard stops the process that asked, not this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _job[:] = [job]


def _block(number: int) -> Arrays:
    return _job[0].block(number)


def _file(kept: Path, number: int) -> Path:
    return kept / f"{number}.npz"


def _read(kept: Path | None, number: int) -> Arrays | None:
    """Return a kept block; None where there is none that can be read."""
    if kept is None:
        return None
    try:
        with np.load(_file(kept, number), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def _keep(kept: Path | None, number: int, arrays: Arrays) -> None:
    """Keep a block whole or not at all, also where somebody stops the work while it is written."""
    if kept is None:
        return
    file = _file(kept, number)
    begun = file.with_suffix(f".{os.getpid()}.tmp")
    try:
        kept.mkdir(parents=True, exist_ok=True)
        with begun.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
        begun.replace(file)
    except OSError as error:
        raise refuse_file(str(kept), error, "file_unwritten") from None
    finally:
        with suppress(OSError):
            begun.unlink()  # there no more where it was kept
