"""Work in the background: seen from outside, stopped on request, and never in the way of what somebody waits for."""

import threading

import pytest

from workbench.errors import UsageError, sentence
from workbench.services.job_service import JobService


@pytest.fixture
def jobs(store, now):
    return JobService(store=store, now=now)


def test_a_job_reports_its_progress_and_its_outcome(jobs):
    def work(progress):
        progress(1, 2, "half")
        progress(2, 2)
        return sentence("Aligned: {n} rows.", n=3)

    job_id = jobs.start("align", "a", work)
    jobs.wait(job_id, 10)
    job = jobs.get(job_id)
    assert (job.state, job.done, job.total, str(job.sentence)) == ("done", 2, 2, "Aligned: 3 rows.")


@pytest.mark.parametrize(
    ("error", "message"), [(UsageError("Add a version."), "Add a version."), (ValueError("secret"), "Something went")]
)
def test_a_failure_is_a_sentence_and_never_the_inside_of_the_program(jobs, error, message):
    def work(progress):
        raise error

    job_id = jobs.start("align", "a", work)
    jobs.wait(job_id, 10)
    assert jobs.get(job_id).state == "failed"
    assert str(jobs.get(job_id).sentence).startswith(message)
    assert "secret" not in jobs.get(job_id).message


def test_a_job_stops_at_its_next_step_when_asked(jobs):
    started, go_on = threading.Event(), threading.Event()

    def work(progress):
        started.set()
        go_on.wait(10)
        progress(1, 1)
        return sentence("never")

    job_id = jobs.start("align", "a", work)
    assert started.wait(10)
    jobs.cancel(job_id)
    go_on.set()
    jobs.wait(job_id, 10)
    assert jobs.get(job_id).state == "cancelled"


def test_the_same_work_is_not_started_twice(jobs):
    go_on = threading.Event()
    first = jobs.start("align", "a", lambda progress: sentence("" if go_on.wait(10) else "late"))
    assert jobs.start("align", "a", lambda progress: sentence("")) == first
    go_on.set()
    jobs.wait(first, 10)
    assert jobs.start("align", "a", lambda progress: sentence("")) != first


def test_quiet_work_makes_way_for_what_somebody_waits_for(jobs):
    order, quiet_started, asked_started, go_on = [], threading.Event(), threading.Event(), threading.Event()

    def quiet(progress):
        quiet_started.set()
        asked_started.wait(10)
        progress(1, 2)
        order.append("quiet")
        return sentence("done")

    def asked(progress):
        asked_started.set()
        go_on.wait(10)
        order.append("asked")
        return sentence("done")

    first = jobs.start("vectors", "memory", quiet, quiet=True)
    assert quiet_started.wait(10)
    second = jobs.start("align", "a", asked)
    assert asked_started.wait(10)
    go_on.set()
    jobs.wait(second, 10)
    jobs.wait(first, 10)
    assert order == ["asked", "quiet"]


def test_work_of_a_process_that_is_gone_is_shown_as_stopped(store, now, jobs):
    gone = jobs.process.rpartition(":")[0] + ":999999999"
    job_id = store.jobs.start("align", "a", gone, now())
    JobService(store=store, now=now)
    assert store.jobs.get(job_id).state == "failed"
