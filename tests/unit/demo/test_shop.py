import re
from datetime import UTC, datetime

from psbuddy.demo.shop import BAD_HOST, HOSTS, Deployment, shop_logs
from psbuddy.demo.sim import LogSim
from psbuddy.demo.span import DAY, Span

NOW = int(datetime(2026, 11, 24, 14, tzinfo=UTC).timestamp())
SPAN = Span(7, NOW - 8 * DAY, NOW)
DEPLOYMENT = Deployment(NOW - 3 * 3_600 - 420)


def logs(name: str) -> dict[str, LogSim]:
    return {sim.host: sim for sim in shop_logs(SPAN) if sim.log == name}


def errors(host: str, since: int, until: int) -> list[str]:
    block = logs("app")[host].block(7, since, until)
    return [text for text in block.texts if " ERROR " in text]


def test_the_deployment_goes_over_all_hosts_one_after_the_other() -> None:
    starts = []
    for host, sim in logs("app").items():
        told = [r for r in sim.script if "Starting shop version 4.18.2" in r.text]
        assert len(told) == 1, host
        starts.append(told[0].time_ms)
    assert starts == sorted(starts)
    assert abs(starts[0] / 1000 - DEPLOYMENT.started) < 30


def test_the_new_cause_begins_four_minutes_later_on_one_host_only() -> None:
    for host in HOSTS:
        before = errors(host, DEPLOYMENT.started - DAY, DEPLOYMENT.trouble)
        after = errors(host, DEPLOYMENT.trouble, NOW)
        assert not any("SocketTimeoutException" in text for text in before), host
        seen = any("SocketTimeoutException" in text for text in after)
        assert seen == (host == BAD_HOST)
    assert DEPLOYMENT.trouble - DEPLOYMENT.started == 240


def test_errors_are_more_than_three_times_normal_and_go_on() -> None:
    now = sum(len(errors(host, DEPLOYMENT.trouble, NOW)) for host in HOSTS)
    week = 7 * DAY
    normal = sum(len(errors(host, DEPLOYMENT.trouble - week, NOW - week)) for host in HOSTS)
    assert now > 2.5 * normal
    assert errors(BAD_HOST, NOW, NOW + 3_600)


def test_the_root_cause_names_the_payment_client() -> None:
    (text,) = {t.partition("\n")[2] for t in errors(BAD_HOST, DEPLOYMENT.trouble, NOW)
               if "SocketTimeout" in t}  # fmt: skip
    root = text[text.index("Caused by: java.net.SocketTimeoutException: Read timed out") :]
    assert "PaymentClient.charge(PaymentClient.java:117)" in root


def test_access_lines_are_combined_format_with_the_request_time() -> None:
    shape = re.compile(
        r'10\.40\.\d+\.\d+ - - \[\d\d/\w{3}/2026:\d\d:\d\d:\d\d \+0000\] "[A-Z]+ \S+ HTTP/1\.1" '
        r'\d{3} \d+ "-" "[^"]+" \d+\.\d{3}\n'
    )
    texts = logs("access")[BAD_HOST].block(7, NOW - 6 * 3_600, NOW).texts
    assert len(texts) > 500
    assert all(shape.fullmatch(text) for text in texts)
    assert any('"POST /checkout/pay HTTP/1.1" 504 ' in text for text in texts)
