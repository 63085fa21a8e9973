"""Other programs doing the same work, and what they cost: CPU seconds of the child, by wait4."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_MINUTE = "strftime('%Y-%m-%dT%H:%M', log_time)"
_LNAV_APPLICATION = (
    f";SELECT {_MINUTE} AS m, log_level, count(*) FROM all_logs GROUP BY m, log_level",
    ";SELECT log_msg_format, log_level, count(*), min(log_body) FROM all_logs "
    "WHERE log_level IN ('error', 'warning', 'critical', 'fatal') "
    "GROUP BY log_msg_format, log_level",
    f";SELECT m, count(*), sum(d), max(d), CAST(ln(d + 1) / 0.0953 AS INTEGER) AS b FROM "
    f"(SELECT {_MINUTE} AS m, CAST(regexp_match('took (\\d+) ms', log_body) AS INTEGER) AS d "
    "FROM all_logs) WHERE d IS NOT NULL GROUP BY m, b",
)
_LNAV_ACCESS = (
    f";SELECT {_MINUTE} AS m, sc_status / 100 AS class, count(*) FROM access_log GROUP BY m, class",
)
#: The same work as the scan of an access log: requests and failures by minute, and by hour and
#: route (numbers masked, queries cut off); durations in the same buckets, their sum, the longest.
MAWK_ACCESS = r"""
{
  minute = substr($0, index($0, "[") + 1, 17)
  route = $7
  cut = index(route, "?")
  if (cut) route = substr(route, 1, cut - 1)
  gsub(/[0-9]+/, "{id}", route)
  route = substr(minute, 1, 14) " " $6 " " route
  count[minute]++
  asked[route]++
  if (substr($0, index($0, "\" ") + 2, 1) >= "5") {
    failed[minute]++
    refused[route]++
  }
  took = $NF
  if (!(took in bucket)) {
    b = -73
    if (took * 1000 > 0.001) {
      x = log(took * 1000) / 0.09531017980432493
      b = int(x)
      if (b < x) b++
    }
    bucket[took] = b
  }
  hits[minute " " bucket[took]]++
  total[minute] += took
  if (took + 0 > longest[minute]) longest[minute] = took + 0
  parts[route " " bucket[took]]++
  sum[route] += took
  if (took + 0 > slowest[route]) slowest[route] = took + 0
}
END {
  for (m in count) print "minute", m, count[m], failed[m] + 0, total[m], longest[m]
  for (k in hits) print "bucket", k, hits[k]
  for (r in asked) print "route", r, asked[r], refused[r] + 0, sum[r], slowest[r]
  for (k in parts) print "part", k, parts[k]
}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took. `memory`: peak resident bytes."""

    cpu: float
    memory: int
    output: bytes


def run(command: Sequence[str], stdin: bytes = b"") -> Cost:
    """One child from start to end. Raises RuntimeError when it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as fed:
        fed.write(stdin)
        fed.seek(0)
        environment = {**os.environ, "LC_ALL": "C", "TERM": "dumb"}
        child = subprocess.Popen(
            command, stdin=fed, stdout=out, stderr=subprocess.DEVNULL, env=environment
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):  # grep says 1 when nothing matched
            raise RuntimeError(f"{command[0]} ended with {child.returncode}")
        out.seek(0)
        return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, out.read())


def commands(kind: str, path: Path) -> dict[str, list[str]]:
    """Peers that are installed, by name. `kind`: "application" or "access"."""
    if kind == "application":
        wanted = {"grep -c": ["grep", "-c", "ERROR", str(path)], "lnav": _lnav(_LNAV_APPLICATION)}
    else:
        goaccess = [
            *("goaccess", str(path), "--no-global-config", "--no-progress", "--date-format"),
            *("%d/%b/%Y", "--time-format", "%T", "--log-format"),
            *('%h %^[%d:%t %^] "%r" %s %b "%R" "%u" %T', "-o", str(path) + ".json"),
        ]
        wanted = {
            "mawk": ["mawk", MAWK_ACCESS, str(path)],
            "lnav": _lnav(_LNAV_ACCESS),
            "goaccess": goaccess,
        }
    found = {name: command for name, command in wanted.items() if shutil.which(command[0])}
    return {name: [*each, str(path)] if name == "lnav" else each for name, each in found.items()}


def _lnav(queries: Sequence[str]) -> list[str]:
    return ["lnav", "-n", *(part for query in queries for part in ("-c", query))]
