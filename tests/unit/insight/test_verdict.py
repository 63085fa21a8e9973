"""The sentences a person reads first, fixed as text."""

from dataclasses import replace

import pytest

from psbuddy.insight.durations import FinishForecast
from psbuddy.insight.facts import (
    CheckFact,
    ErrorFact,
    HostFact,
    JobFact,
    LeadingCause,
    LogFact,
)
from psbuddy.insight.ledger import Due
from psbuddy.insight.lives import life
from psbuddy.insight.onset import Rise
from psbuddy.insight.sight import stale_after
from psbuddy.insight.verdict import job_line, verdict
from psbuddy.model.application import AppDef
from psbuddy.model.series import CauseRow
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import Level, Outcome, Rerun, State, Verdict
from tests.support.insight_facts import (
    APP,
    CLOSE,
    IMPORT,
    LONDON,
    NOW,
    QUIET,
    at,
    episode,
    facts,
    job,
    run,
)

LEAD = LeadingCause(
    "SocketTimeout in PaymentClient.charge",
    0.784,
    True,
    at("2026-11-24 09:51"),
    "shop-app-2",
    "4.18.2",
    at("2026-11-24 09:47"),
)
LOUD = ErrorFact(18.0, 5.6, 300.0, episode(), LEAD)
SECOND = run(2, started=at("2026-11-23 23:31"), ended=at("2026-11-24 00:10"), actor="ops-jane")


def sentence(**changes: object) -> str:
    return verdict(facts(**changes)).sentence


def test_errors_above_normal_name_the_new_cause_its_host_and_the_deployment() -> None:
    line = verdict(facts(errors=LOUD, coverage=0.97))
    assert line.sentence == (
        'Errors 3.2 times normal since 09:51. New cause "SocketTimeout in PaymentClient.charge" '
        "makes up 78 %, only on shop-app-2, first seen 4 min after deployment 4.18.2. "
        "97 % of the last 24 h observed."
    )
    assert line.state is State.DOWN
    assert line.since == at("2026-11-24 09:51")
    assert line.headline == (
        "Errors 3.2 times normal since 09:51, new cause SocketTimeout in PaymentClient.charge"
    )


def test_an_old_cause_is_not_called_new_nor_tied_to_a_deployment() -> None:
    lead = replace(LEAD, is_new=False, only_on="")
    assert sentence(errors=replace(LOUD, lead=lead)) == (
        'Errors 3.2 times normal since 09:51. Cause "SocketTimeout in PaymentClient.charge" '
        "makes up 78 %."
    )


def test_twice_normal_is_worth_watching_only() -> None:
    line = verdict(facts(errors=replace(LOUD, episode=episode(ratio=2.1), lead=None)))
    assert (line.state, line.sentence) == (State.WATCH, "Errors 2.1 times normal since 09:51.")


def test_errors_where_there_are_none_normally() -> None:
    calm = episode(ratio=float("inf"), normal_per_minute=0.0, records=412)
    assert sentence(errors=replace(LOUD, episode=calm, lead=None)) == (
        "412 errors since 09:51, normally none."
    )


def test_two_starts_within_a_minute_are_told_to_the_second() -> None:
    first = run(started=at("2026-11-23 22:04") + 5)
    second = replace(SECOND, started=first.started + 36, actor="")
    told = sentence(jobs=(job(last=second, verdict=Verdict.TWICE, twice=(second, first)),))
    assert "was started twice (Mon 22:04:05 and 22:04:41)." in told


def test_month_close_started_twice() -> None:
    line = verdict(facts(jobs=(job(last=SECOND, verdict=Verdict.TWICE, twice=(SECOND, run())),)))
    assert line.sentence == (
        "Month close for 2026-11 was started twice (Mon 22:04 and 23:31, the second by "
        "ops-jane). The first had finished with 48,211 records. Rerun policy: never."
    )
    assert line.headline == "Month close for 2026-11 was started twice"
    assert (line.state, line.since) == (State.DOWN, SECOND.started)


def test_a_double_start_leads_everything_else() -> None:
    check = CheckFact("web", "shop-app-1", State.DOWN, NOW - 600)
    double = job(verdict=Verdict.TWICE, twice=(SECOND, run()))
    line = verdict(facts(errors=LOUD, checks=(check,), jobs=(double,)))
    assert line.headline == "Month close for 2026-11 was started twice"
    assert "Also: web is down on shop-app-1 since 10:10; errors 3.2 times normal since 09:51." in (
        line.sentence
    )


@pytest.mark.parametrize(
    ("started", "red_at", "quiet_at"),
    [
        ("2026-11-23 23:31", "2026-11-24 23:30", "2026-11-24 23:32"),
        ("2026-11-27 23:31", "2026-11-30 23:30", "2026-11-30 23:32"),  # over the week-end
    ],
)
def test_a_double_start_stays_red_until_the_next_business_day(
    started: str, red_at: str, quiet_at: str
) -> None:
    second = run(2, started=at(started), ended=at(started) + 60)
    double = job(last=None, twice=(second, run()))
    for moment, state in ((red_at, State.DOWN), (quiet_at, State.UP)):
        now = at(moment)
        line = verdict(facts(now=now, last_collection=now, jobs=(double,)))
        assert line.state is state


@pytest.mark.parametrize(
    ("first", "text"),
    [
        (run(outcome=Outcome.FAILED, reason="disk full"), "The first had failed. Disk full."),
        (run(outcome=Outcome.RUNNING, ended=0), "The first was still running."),
        (run(outcome=Outcome.UNKNOWN, ended=0), "No end of the first has been seen."),
        (run(volume=None), "The first had finished with no record count."),
    ],
)
def test_what_became_of_the_first_run(first: object, text: str) -> None:
    assert f" {text} Rerun policy" in sentence(jobs=(job(twice=(SECOND, first)),))


def test_a_service_that_is_down_everywhere() -> None:
    checks = (
        CheckFact("web", "shop-app-1", State.DOWN, at("2026-11-24 09:40"), "connection refused"),
        CheckFact("web", "shop-app-2", State.DOWN, at("2026-11-24 09:42")),
    )
    line = verdict(facts(checks=checks))
    assert line.state is State.DOWN
    assert line.sentence == (
        "web is down on shop-app-1 and shop-app-2 since 09:40. Last answer: connection refused."
    )


def test_a_service_that_is_down_on_one_of_two_hosts_is_watched() -> None:
    checks = (
        CheckFact("web", "shop-app-1", State.DOWN, at("2026-11-24 09:40")),
        CheckFact("web", "shop-app-2", State.UP, at("2026-11-20 09:42")),
    )
    line = verdict(facts(checks=checks))
    assert line.state is State.WATCH
    assert line.sentence == "web is down on shop-app-1 since 09:40. It is up on 1 of 2 hosts."


def test_a_check_that_is_not_known_is_not_called_down_nor_passed_over() -> None:
    check = CheckFact("web", "shop-app-1", State.UNKNOWN, at("2026-11-24 10:00"), "no curl here")
    line = verdict(facts(checks=(check,)))
    assert line.state is State.WATCH
    assert line.sentence == "web of shop-app-1 cannot be told since 10:00. no curl here."


UNREAD = LogFact("app", "shop-app-1", at("2026-11-24 09:00"), "app.log may not be read.")


def test_logs_that_cannot_be_read_are_unknown_though_the_host_answers() -> None:
    line = verdict(facts(logs=(UNREAD,), errors=ErrorFact(None, None, 0.0)))
    assert (line.state, line.since) == (State.UNKNOWN, UNREAD.read_until)
    assert line.sentence == "Logs not read since 09:00. app.log may not be read."


def test_logs_that_are_still_being_caught_up_with_are_unknown() -> None:
    behind = LogFact("app", "shop-app-1", 0, "could not be read to its end.", 1_200_000_000)
    line = verdict(facts(logs=(behind,), errors=ErrorFact(None, None, 0.0)))
    assert line.state is State.UNKNOWN
    assert line.sentence == "Logs not read yet. 1.2 GB are still to be read."


def test_one_log_of_two_that_cannot_be_read_is_watched() -> None:
    read = LogFact("app", "shop-app-2", NOW - 30)
    line = verdict(facts(logs=(UNREAD, read)))
    assert line.state is State.WATCH
    assert line.headline == "Log app of shop-app-1 not read since 09:00"


def test_a_log_that_is_asked_for_no_more_is_no_concern() -> None:
    read = LogFact("app", "shop-app-2", NOW - 30)
    assert verdict(facts(logs=(replace(UNREAD, problem=""), read))).state is State.UP


def test_a_log_that_is_caught_up_with_is_told_and_watched_once_it_lags_an_hour() -> None:
    read = LogFact("app", "shop-app-2", NOW - 30)
    for until in (0, NOW - 1_800):
        late = replace(UNREAD, read_until=until, backlog_bytes=3_000_000_000)
        line = verdict(facts(logs=(late, read)))
        assert line.state is State.UP
        told = "Log app of shop-app-1 is not read to its end yet: 3 GB are left."
        assert told in line.sentence
    lagging = replace(UNREAD, backlog_bytes=3_000_000_000)
    line = verdict(facts(logs=(lagging, read)))
    assert line.state is State.WATCH
    assert line.sentence.startswith(
        "Log app of shop-app-1 not read since 09:00. 3 GB are still to be read."
    )
    assert "3 GB are left" not in line.sentence


def test_without_logs_and_without_an_answer_of_any_check_it_is_unknown() -> None:
    app = replace(APP, logs=(), checks=("web",))
    blank = ErrorFact(None, None, 0.0)
    line = verdict(facts(app=app, errors=blank, coverage=0.0))
    assert (line.state, line.since) == (State.UNKNOWN, 0)
    assert line.sentence == "Checks not answered yet. No visit has brought an answer."
    mute = CheckFact("web", "shop-app-1", State.UNKNOWN, at("2026-11-24 10:00"), "no curl here")
    line = verdict(facts(app=app, errors=blank, checks=(mute,)))
    assert line.state is State.UNKNOWN
    assert line.sentence == "Checks not answered since 10:00. no curl here."
    up = CheckFact("web", "shop-app-2", State.UP, at("2026-11-24 10:00"))
    assert verdict(facts(app=app, errors=blank, checks=(mute, up))).state is State.WATCH


def test_a_service_that_is_down_is_said_though_no_log_can_be_read() -> None:
    check = CheckFact("web", "shop-app-1", State.DOWN, at("2026-11-24 09:40"))
    line = verdict(facts(logs=(UNREAD,), checks=(check,)))
    assert line.state is State.DOWN
    assert line.sentence.endswith("Also: logs not read since 09:00.")


def test_an_episode_about_the_limit_does_not_change_its_state_at_every_visit() -> None:
    before = replace(status(State.DOWN, episode().since - 60))
    for ratio, state in ((2.9, State.DOWN), (2.3, State.WATCH)):
        loud = replace(LOUD, episode=episode(ratio=ratio))
        assert verdict(facts(errors=loud), before).state is state
        assert verdict(facts(errors=loud)).state is State.WATCH


@pytest.mark.parametrize(
    ("fact", "note"),
    [
        (job(last=SECOND, verdict=Verdict.TWICE, twice=(SECOND, run())), "started twice"),
        (job(last=run(outcome=Outcome.FAILED), verdict=Verdict.FAILED), "failed Mon 22:45"),
        (job(), "took 41 min"),
        (job(last=run(outcome=Outcome.FAILED, ended=NOW - 3 * 86_400)), "failed Sat 10:20"),
        (
            job(last=run(outcome=Outcome.UNKNOWN, ended=0)),
            "started Mon 22:04, no end of it was seen",
        ),
        (job(last=None), "no run seen yet"),
    ],
)
def test_a_note_does_not_repeat_the_job(fact: JobFact, note: str) -> None:
    assert job_line(facts(), fact).note == note


def test_a_run_without_an_end_or_with_a_bad_one_is_never_told_as_finished() -> None:
    lost = job_line(facts(), job(last=run(outcome=Outcome.UNKNOWN, ended=0)))
    assert lost.sentence == "Started Mon 22:04, no end of it was seen."
    old = run(outcome=Outcome.ABORTED, ended=NOW - 7 * 86_400)
    told = job_line(facts(), job(last=old, verdict=Verdict.FAILED))
    assert told.sentence == "Was aborted 17 Nov 10:20."


def test_a_failed_job_says_why_and_whether_it_may_run_again() -> None:
    failed = run(outcome=Outcome.FAILED, reason="ORA-01555: snapshot too old")
    line = verdict(facts(jobs=(job(last=failed, verdict=Verdict.FAILED),)))
    assert line.state is State.DOWN
    assert line.sentence == (
        "Month close for 2026-11 failed Mon 22:45. ORA-01555: snapshot too old. "
        "Rerun policy: never."
    )


def test_a_failed_job_that_may_always_run_again_is_watched() -> None:
    failed = run(outcome=Outcome.FAILED, period="")
    assert verdict(facts(jobs=(job(job=IMPORT, last=failed, verdict=Verdict.FAILED),))).state is (
        State.WATCH
    )


def test_a_failure_of_last_week_is_no_news() -> None:
    old = run(outcome=Outcome.FAILED, ended=NOW - 7 * 86_400)
    assert verdict(facts(jobs=(job(last=old, verdict=Verdict.FAILED),))).state is State.UP


def test_a_missed_deadline_of_a_run_that_still_runs() -> None:
    late = run(outcome=Outcome.RUNNING, ended=0, started=at("2026-11-24 09:00"))
    line = verdict(
        facts(
            jobs=(job(last=late, verdict=Verdict.MISSED_DEADLINE, deadline=at("2026-11-24 10:00")),)
        )
    )
    assert line.state is State.DOWN
    assert line.sentence == (
        "Month close for 2026-11 missed its deadline 10:00. "
        "Still running after 1 h 20 (usually 38 to 47 min)."
    )


def test_a_missed_deadline_of_a_run_that_ended() -> None:
    done = run(ended=at("2026-11-24 03:12"))
    assert sentence(
        jobs=(job(last=done, verdict=Verdict.MISSED_DEADLINE, deadline=at("2026-11-24 03:00")),)
    ) == ("Month close for 2026-11 missed its deadline 03:00. It finished 12 min after it.")


def test_a_run_that_takes_longer_than_usual_says_when_it_ends() -> None:
    slow = run(outcome=Outcome.RUNNING, ended=0, started=at("2026-11-24 10:00"), period="")
    fact = job(
        job=IMPORT,
        last=slow,
        verdict=Verdict.OVERRUN,
        low=400.0,
        middle=480.0,
        high=600.0,
        forecast=FinishForecast(at("2026-11-24 11:05"), at("2026-11-24 11:20"), None, 40),
    )
    line = verdict(facts(jobs=(fact,)))
    assert line.headline == "Import orders runs 12 min longer than usual, ends 11:05"
    assert line.state is State.WATCH
    assert line.sentence.endswith(
        "Running for 20 min (usually 7 to 10 min). Finishes at 11:05, 90 % by 11:20."
    )


def test_a_run_beyond_all_experience_is_said_to_be_so() -> None:
    slow = run(outcome=Outcome.RUNNING, ended=0, started=at("2026-11-24 08:00"))
    fact = job(
        last=slow,
        verdict=Verdict.OVERRUN,
        forecast=FinishForecast(None, None, None, 40, beyond=True),
    )
    assert "No run so far took as long." in sentence(jobs=(fact,))


def test_a_finished_overrun_is_told_for_some_hours() -> None:
    slow = run(ended=at("2026-11-24 09:00"), started=at("2026-11-24 08:00"))
    assert sentence(jobs=(job(last=slow, verdict=Verdict.OVERRUN),)) == (
        "Month close took 19 min longer than usual. Month close took 1 h (usually 38 to 47 min)."
    )
    old = replace(slow, ended=NOW - 9 * 3_600)
    assert verdict(facts(jobs=(job(last=old, verdict=Verdict.OVERRUN),))).state is State.UP


def test_a_suspiciously_fast_run_asks_the_question() -> None:
    fast = run(ended=at("2026-11-23 22:05"), volume=3)
    assert sentence(jobs=(job(last=fast, verdict=Verdict.SHORT),)) == (
        "Month close for 2026-11 took only 1 min (usually 38 to 47 min). "
        "It finished with 3 records. Was its input complete?"
    )


def test_a_job_that_has_not_started() -> None:
    fact = job(job=IMPORT, last=None, missed=Due(at("2026-11-24 10:00"), 300))
    line = verdict(facts(jobs=(fact,)))
    assert line.state is State.WATCH
    assert line.sentence == (
        "Import orders has not started, due 10:00. "
        "Its log was read past that time and shows no start."
    )


def test_a_job_that_has_not_started_and_missed_its_deadline() -> None:
    fact = job(
        job=replace(CLOSE, calendar=""),
        last=None,
        missed=Due(at("2026-11-23 22:00"), 300),
        deadline=at("2026-11-24 03:00"),
    )
    line = verdict(facts(jobs=(fact,)))
    assert line.state is State.DOWN
    assert line.sentence.endswith(
        "shows no start. Its deadline 03:00 has passed. "
        "Public holidays are not known: the catalogue names no calendar for it."
    )


def test_a_late_start() -> None:
    late = run(started=at("2026-11-24 08:40"), ended=at("2026-11-24 09:20"))
    assert sentence(jobs=(job(last=late, verdict=Verdict.LATE, late_by=2400),)) == (
        "Month close for 2026-11 started 40 min late."
    )


def test_a_run_that_will_likely_miss_its_deadline() -> None:
    running = run(outcome=Outcome.RUNNING, ended=0, started=at("2026-11-24 10:00"))
    fact = job(
        last=running,
        deadline=at("2026-11-24 10:40"),
        forecast=FinishForecast(at("2026-11-24 10:41"), at("2026-11-24 11:05"), 0.22, 40),
    )
    assert sentence(jobs=(fact,)) == (
        "Month close for 2026-11 will likely miss its deadline. "
        "Finishes at 10:41, 90 % by 11:05, deadline 10:40: 22 %."
    )


def test_all_quiet_names_the_rate_the_hour_and_the_batch() -> None:
    line = verdict(
        facts(jobs=(job(), job(job=IMPORT, last=run(3, ended=NOW - 60, started=NOW - 100))))
    )
    assert line.state is State.UP
    assert line.sentence == (
        "All quiet. 0.4 errors a minute, normal for a Tuesday morning. 2 jobs finished in the "
        "last 24 h; month close took 41 min (usually 38 to 47 min)."
    )


def test_all_quiet_with_one_job_and_none() -> None:
    assert sentence(jobs=(job(),)) == (
        "All quiet. 0.4 errors a minute, normal for a Tuesday morning. "
        "Month close took 41 min (usually 38 to 47 min)."
    )
    assert sentence(errors=ErrorFact(0.0, 0.04, 300.0)) == (
        "All quiet. No errors, normal for a Tuesday morning."
    )


def test_a_rate_that_is_not_the_normal_one_is_not_called_normal() -> None:
    assert sentence(errors=ErrorFact(1 / 60, 3.3 / 1440, 300.0)) == (
        "All quiet. 1 error an hour; normal is 3.3 a day."
    )
    assert sentence(errors=ErrorFact(0.0, 5.0, 300.0)) == (
        "All quiet. No errors; normal is 5 a minute."
    )


def test_a_kind_of_day_that_was_never_seen_has_no_normal() -> None:
    assert sentence(errors=ErrorFact(2.0, None, 48.0)) == (
        "No normal known yet. 2 errors a minute (no Tuesday morning has been observed before)."
    )


RISE = Rise(at("2026-11-24 10:00"), NOW, 240, 1_200, 12, 7_200, 0, ongoing=True)
EARLY = ErrorFact(4.0, None, 2.4, rise=RISE)


def test_a_rise_before_a_normal_is_known_is_watched_and_says_what_it_rests_on() -> None:
    line = verdict(facts(errors=EARLY, coverage=0.1))
    assert (line.state, line.since) == (State.WATCH, RISE.since)
    assert line.headline == "Errors rose at 10:00: 240 in 20 min, 12 in the 2 h before"
    assert line.sentence == (
        "Errors rose at 10:00: 240 in 20 min, 12 in the 2 h before. No normal is known yet: "
        "2 h 24 observed so far, a normal takes 24 h. 10 % of the last 24 h observed."
    )


def test_a_rise_names_its_cause_and_hides_no_other_trouble() -> None:
    check = CheckFact("web", "shop-app-1", State.DOWN, NOW - 600)
    line = verdict(facts(errors=replace(EARLY, lead=LEAD)))
    assert line.headline.endswith("before, new cause SocketTimeout in PaymentClient.charge")
    assert 'New cause "SocketTimeout in PaymentClient.charge" makes up 78 %' in line.sentence
    worse = verdict(facts(errors=EARLY, checks=(check,)))
    assert worse.state is State.DOWN
    assert "Also: errors rose at 10:00: 240 in 20 min" in worse.sentence


def test_a_rise_out_of_nothing_and_one_on_a_day_never_seen() -> None:
    line = verdict(facts(errors=replace(EARLY, rise=replace(RISE, before_records=0))))
    assert line.headline == "Errors rose at 10:00: 240 in 20 min, none in the 2 h before"
    assert "No normal is known yet: no Tuesday morning has been observed before." in sentence(
        errors=replace(EARLY, hours_observed=48.0)
    )


def test_a_rise_out_of_sight_is_told_between_two_clocks() -> None:
    line = verdict(facts(errors=replace(EARLY, rise=replace(RISE, unseen=3 * 3_600))))
    assert line.headline == (
        "Errors rose out of sight between 07:00 and 10:00: 240 in 20 min, 12 in the 2 h before"
    )


def test_a_rise_that_is_over_is_told_for_six_hours_and_watched_no_more() -> None:
    over = replace(RISE, ongoing=False, until=NOW - 3_600)
    line = verdict(facts(errors=replace(EARLY, rise=over)))
    assert (line.state, line.headline) == (State.UP, "No normal known yet")
    assert "Errors rose at 10:00: 240 in 20 min, 12 in the 2 h before; that is over." in (
        line.sentence
    )
    old = replace(over, until=NOW - 7 * 3_600)
    assert "rose" not in sentence(errors=replace(EARLY, rise=old))


def test_what_cannot_be_seen_stays_unknown_though_errors_rose() -> None:
    lost = tuple(HostFact(host, State.UNKNOWN, NOW - 900, "no answer") for host in APP.hosts)
    line = verdict(facts(errors=EARLY, hosts=lost))
    assert line.state is State.UNKNOWN


def test_errors_that_cannot_be_told_are_not_called_quiet() -> None:
    line = verdict(facts(errors=ErrorFact(None, None, 300.0, untold=True)))
    assert (line.state, line.headline) == (State.UP, "No log tells of errors")
    assert line.sentence == "No log tells of errors. None of the records carries a level."


def test_errors_that_were_not_observed_lately_are_not_called_quiet() -> None:
    line = verdict(facts(errors=ErrorFact(None, None, 300.0)))
    assert line.headline == "Errors not observed just now"


def test_a_short_history_does_not_claim_a_normal() -> None:
    assert sentence(errors=ErrorFact(0.4, None, 11.0)) == (
        "No normal known yet. 0.4 errors a minute (11 h observed so far, a normal takes 24 h)."
    )


def test_an_application_without_logs_says_so() -> None:
    app = replace(APP, logs=())
    assert sentence(app=app, errors=ErrorFact(None, None, 0.0)) == (
        "All quiet. No log tells of errors."
    )


def test_a_running_job_shows_its_forecast_in_quiet_times() -> None:
    running = run(outcome=Outcome.RUNNING, ended=0, started=at("2026-11-24 10:00"))
    fact = job(
        last=running,
        deadline=at("2026-11-24 11:00"),
        forecast=FinishForecast(at("2026-11-24 10:41"), at("2026-11-24 10:47"), 0.97, 40),
    )
    assert sentence(jobs=(fact,)).endswith(
        "Month close is running, finishes at 10:41, 90 % by 10:47, deadline 11:00: 97 %."
    )


def test_an_episode_that_is_over_is_still_told() -> None:
    over = episode(ongoing=False, until=at("2026-11-24 10:05"))
    assert "Errors were 3.2 times normal from 09:51 to 10:05." in sentence(
        errors=replace(QUIET, episode=over)
    )


UNSEEN = HostFact("shop-app-2", State.UNKNOWN, at("2026-11-24 02:10"), "bastion-1 does not answer")


def test_one_lost_host_is_watched_and_not_called_down() -> None:
    line = verdict(facts(hosts=(HostFact("shop-app-1", State.UP, 1), UNSEEN)))
    assert line.state is State.WATCH
    assert line.sentence == (
        "shop-app-2 not seen since 02:10. bastion-1 does not answer. "
        "Nothing says it is down; 1 of 2 hosts are observed."
    )


PATH = "Path down: nothing behind edge-1 is reached, edge-1 or the way to it failed."
BY_PATH = tuple(
    replace(UNSEEN, host=host, reason=f"{PATH} {host} gives no answer on port 22.")
    for host in ("shop-app-1", "shop-app-2")
)


def test_hosts_lost_with_their_path_are_unknown_and_the_path_is_named_once() -> None:
    line = verdict(facts(hosts=BY_PATH, last_collection=at("2026-11-24 02:09")))
    assert (line.state, line.headline) == (State.UNKNOWN, "Path down since 02:10")
    assert line.sentence == (
        "Path down since 02:10. Nothing behind edge-1 is reached, edge-1 or the way to it "
        "failed. shop-app-1 and shop-app-2 cannot be seen; nothing says they are down."
    )


def test_some_hosts_lost_with_their_path_call_nobody() -> None:
    seen = HostFact("shop-app-3", State.UP, 1)
    line = verdict(facts(hosts=(seen, *BY_PATH)))
    assert line.state is State.UNKNOWN
    assert line.sentence == (
        "shop-app-1 and shop-app-2 not seen since 02:10. "
        f"{PATH} Nothing says they are down; 1 of 3 hosts are observed."
    )
    mixed = verdict(facts(hosts=(seen, BY_PATH[0], UNSEEN)))
    assert mixed.state is State.WATCH


REKEYED = replace(UNSEEN, reason="Host key changed: shop-app-2 shows SHA256:new")


@pytest.mark.parametrize(
    ("hosts", "last"),
    [
        ((REKEYED,), at("2026-11-24 02:09")),
        ((REKEYED,), 0),
        ((REKEYED, HostFact("shop-app-1", State.UP, 1)), NOW),
    ],
)
def test_a_changed_host_key_is_watched_and_told_first(
    hosts: tuple[HostFact, ...], last: int
) -> None:
    line = verdict(facts(hosts=hosts, last_collection=last))
    assert line.state is State.WATCH
    assert line.headline == "Host key changed on shop-app-2 since 02:10"
    assert "Someone may be in between" in line.sentence
    assert "SHA256" not in line.sentence  # a row may be cut anywhere


def test_a_revoked_host_key_is_watched_as_a_changed_one_is() -> None:
    revoked = replace(UNSEEN, reason="Host key revoked: shop-app-2 shows a key that is marked.")
    for hosts in ((revoked,), (revoked, HostFact("shop-app-1", State.UP, 1))):
        line = verdict(facts(hosts=hosts))
        assert line.state is State.WATCH
        assert line.headline == "Host key revoked on shop-app-2 since 02:10"
        assert line.sentence.startswith(
            "Host key revoked on shop-app-2 since 02:10. Someone may be in between, so PS Buddy "
            "does not log in there. Have an administrator confirm the key that is valid."
        )
    both = verdict(facts(hosts=(revoked, replace(REKEYED, host="shop-app-3"))))
    assert both.headline == "Host key revoked on shop-app-2 since 02:10"
    assert "It changed on shop-app-3 as well." in both.sentence


def test_a_changed_host_key_does_not_hide_another_lost_host() -> None:
    other = replace(UNSEEN, host="shop-app-3")
    line = verdict(facts(hosts=(REKEYED, other, HostFact("shop-app-1", State.UP, 1))))
    assert "Host key changed on shop-app-2" in line.sentence
    assert "shop-app-3 not seen" in line.sentence


def test_all_hosts_lost_is_unknown_since_the_last_one() -> None:
    hosts = (replace(UNSEEN, host="shop-app-1", since=at("2026-11-24 02:08")), UNSEEN)
    line = verdict(facts(hosts=hosts, last_collection=at("2026-11-24 02:09")))
    assert (line.state, line.since) == (State.UNKNOWN, at("2026-11-24 02:10"))
    assert line.sentence == (
        "Unknown since 02:10. shop-app-1 and shop-app-2 cannot be seen: bastion-1 does not "
        "answer. Nothing says it is down."
    )


def test_old_data_is_unknown_even_if_the_last_word_was_good() -> None:
    last = NOW - stale_after(60) - 1
    line = verdict(facts(last_collection=last, errors=LOUD))
    assert (line.state, line.since) == (State.UNKNOWN, last)
    assert line.sentence.startswith("Unknown since 10:16.")
    assert "Errors" not in line.sentence


def test_data_within_three_intervals_is_current() -> None:
    assert verdict(facts(last_collection=NOW - stale_after(60))).state is State.UP


def test_never_seen_is_unknown() -> None:
    line = verdict(facts(last_collection=0, last_failure="The key of shop-app-1 was refused."))
    assert (line.state, line.since) == (State.UNKNOWN, 0)
    assert line.sentence == "Not seen yet. The key of shop-app-1 was refused."


def test_a_double_start_stays_a_fact_while_nothing_is_seen() -> None:
    line = verdict(facts(last_collection=NOW - 7_200, jobs=(job(twice=(SECOND, run())),)))
    assert line.state is State.DOWN
    assert "Also: unknown since 08:20." in line.sentence


def test_since_stays_while_all_is_quiet_and_starts_when_it_becomes_so() -> None:
    before = status(State.UP, since=123)
    assert verdict(facts(), before).since == 123
    assert verdict(facts(), status(State.DOWN, since=123)).since == NOW
    assert verdict(facts()).since == 0


def status(state: State, since: int) -> AppStatus:
    return AppStatus(
        "shop",
        "Web shop",
        "",
        "",
        state,
        since,
        "",
        "",
        None,
        None,
        (),
        "",
        "",
        None,
        None,
        1,
        1,
        0,
        60,
        NOW,
    )


@pytest.mark.parametrize("policy", list(Rerun))
def test_every_policy_has_its_words(policy: Rerun) -> None:
    fact = job(
        job=replace(CLOSE, rerun=policy), verdict=Verdict.FAILED, last=run(outcome=Outcome.FAILED)
    )
    assert sentence(jobs=(fact,)).endswith(f"Rerun policy: {policy.value}.")


def test_clocks_are_read_in_the_zone_of_the_reader() -> None:
    assert "since 18:51" in sentence(errors=LOUD, zone="Asia/Tokyo")
    assert "since 09:51" in sentence(errors=LOUD, zone=LONDON)


def test_foreign_text_in_a_reason_is_capped() -> None:
    failed = run(outcome=Outcome.FAILED, reason="x" * 5_000)
    assert len(sentence(jobs=(job(last=failed, verdict=Verdict.FAILED),))) < 400


def test_app_without_hosts_is_still_judged_by_its_data() -> None:
    app = AppDef("x", "X", "", "", (), 60)
    assert verdict(facts(app=app, hosts=())).state is State.UP


def test_a_new_cause_too_rare_to_matter_is_still_named() -> None:
    one = replace(QUIET, newborn=(("SocketTimeout in PaymentClient.charge", 15),))
    assert sentence(errors=one) == (
        "All quiet. 0.4 errors a minute, normal for a Tuesday morning. "
        'New in the last 24 h: "SocketTimeout in PaymentClient.charge", 15 records.'
    )
    two = replace(QUIET, newborn=(("A", 1), ("B", 2)))
    assert 'New in the last 24 h: "A", 1 record, and 1 more.' in sentence(errors=two)


ROW = CauseRow(
    "c1", Level.ERROR, "Deadlock in LedgerPoster.post", "", "", "", NOW - 90 * 86_400, NOW, 52,
    "ongoing", ("shop-app-2",), marked_at=at("2026-11-12 09:00"), back_at=at("2026-11-24 09:30"),
)  # fmt: skip
RISING = replace(ROW, state="rising", rising_since=at("2026-11-24 09:40"))
RESOLVED = replace(ROW, state="regressed", mark="resolved")


def test_a_cause_above_its_own_normal_is_told_where_errors_as_a_whole_are_normal() -> None:
    line = verdict(facts(errors=replace(QUIET, lively=(RISING,))))
    assert line.sentence == (
        '"Deadlock in LedgerPoster.post" is above its own normal since 09:40. '
        "52 records in the last 24 h, only on shop-app-2."
    )
    assert (line.state, line.since) == (State.WATCH, RISING.rising_since)
    told = verdict(facts(errors=replace(LOUD, lively=(RISING,))))
    assert "Deadlock" not in told.sentence  # its records are part of the errors that are told


def test_a_cause_that_was_resolved_and_came_back_is_to_be_looked_at() -> None:
    line = verdict(facts(errors=replace(QUIET, lively=(RESOLVED,))))
    assert line.sentence.startswith(
        '"Deadlock in LedgerPoster.post" is back 12 d after it was resolved (12 Nov 09:00). '
    )
    assert (line.state, line.since) == (State.WATCH, RESOLVED.back_at)
    both = sentence(errors=replace(LOUD, lively=(RESOLVED,)))
    assert 'Also: "Deadlock in LedgerPoster.post" is back 12 d after it was resolved' in both


def test_a_known_error_seen_after_its_day_is_back_with_its_reference() -> None:
    gone = replace(ROW, state="regressed", mark="known", note="PRB-17", until=NOW - 86_400)
    assert "is back: a known error (PRB-17) that should have been gone by Mon 10:20." in sentence(
        errors=replace(QUIET, lively=(gone,))
    )


def test_a_cause_that_was_silent_for_long_is_a_word_and_no_alarm() -> None:
    back = replace(ROW, state="regressed", marked_at=0, away=23 * 86_400)
    line = verdict(facts(errors=replace(QUIET, lively=(back,))))
    assert (line.state, line.headline) == (State.UP, "All quiet")
    assert 'Back after 23 days without it: "Deadlock in LedgerPoster.post", 52 records.' in (
        line.sentence
    )


@pytest.mark.parametrize(
    ("row", "kind", "told"),
    [
        (RESOLVED, "returned cause", ", back 12 d after it was resolved (12 Nov 09:00)."),
        (RISING, "mostly", ", above its own normal since 09:40."),
        (replace(ROW, state="known", note="PRB-17"), "known error", ", a known error: PRB-17."),
        (ROW, "mostly", "makes up 78 %."),
    ],
)
def test_the_leading_cause_is_told_with_its_life(row: CauseRow, kind: str, told: str) -> None:
    lead = LeadingCause(row.title, 0.78, False, row.first_seen, cause="c1", state=row.state,
                        life=life(row, NOW, LONDON))  # fmt: skip
    line = verdict(facts(errors=replace(LOUD, lead=lead, lively=(row,))))
    assert line.headline.endswith(f", {kind} {row.title}")
    assert line.sentence.endswith(told)  # and nothing of it is said twice
    assert line.state is State.DOWN  # a known error above normal is above normal


def test_warnings_and_what_someone_knows_of_alarm_nobody() -> None:
    warning = replace(RISING, level=Level.WARNING)
    assert verdict(facts(errors=replace(QUIET, lively=(warning,)))).state is State.UP
    assert "Without 412 records of muted causes in the last 24 h." in sentence(
        errors=replace(QUIET, muted=412)
    )
