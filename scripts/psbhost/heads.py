"""The shapes of record heads: what may stand between a time stamp and the message.

Only regular expressions live here, built once. A level counts when nothing but head-like
tokens (numbers, bracketed parts, dotted or dashed names, upper-case words) stands between it
and the stamp: a level word within a sentence is text.
"""

import re

from psbhost.stamps import FRACTION, OFFSET, SHAPES

_UPPER = (
    rb"(?:TRACE|DEBUG|INFO(?:RMATION)?|NOTICE|WARN(?:ING)?|ERR(?:OR)?|CRIT(?:ICAL)?|FATAL|SEVERE"
    rb"|ALERT|EMERG(?:ENCY)?|PANIC|CONFIG|FINE(?:R|ST)?|VERBOSE|FAILURE|LOG(?=:))(?![\w.$])"
)
_ANY = (
    rb"(?i:trace|trc|debug|dbug|dbg|info|information|inf|notice|warn|warning|wrn|error|err|crit|critical"
    rb"|fatal|ftl|severe|alert|emerg|emergency|panic|dpanic|config|fine|finer|finest|verbose|vrb)"
)
_TOKEN = (
    rb"(?:\[[^\]\n]{0,200}\]:?|\([^)\n]{0,100}\)|<[^>\n]{0,60}>|\{[^}\n]{0,100}\}"
    rb"|#?\d[\w.:#*/-]{0,60}\]?|[-|:;,*>~=/\\#&]{1,6}|[A-Z]{2,20}(?![\w.])"
    rb"|(?=[^\s|\[=(]{0,100}[\d._/@$-])[A-Za-z_][^\s|\[=(]{1,120}(?<![:,;.!?])"
    rb"|\w{1,40}(?=\s{1,4}[-|]\s)|main|root|app)"
)
_NAMED = rb"(?:level|lvl|severity|loglevel|log_level)=[\"\[]?(\w{1,12})"

#: After a stamp: the level in one of the groups 1..7.
LEVEL_AFTER = re.compile(
    rb"[\s\])>|:,;*\"-]{0,60}(?:"
    rb"(" + _ANY + rb")(?=[:\t|\]]|  )"
    rb"|([VDIWEF])/(?=[\w.-])"
    rb"|(?:\d{1,7}[ \t:]+){1,3}([VDIWEFA])[ \t](?=\S)"
    rb"|(?:" + _TOKEN + rb"[ \t|]{1,40}){0,7}?(?:"
    rb"[\[(<|\"]?\s?(" + _UPPER + rb")"
    rb"|[\w-]{1,40}\.(" + _UPPER + rb")(?=:)"
    rb"|[\[(<|](?:[\w-]{0,30}:)?\s?(" + _ANY + rb"|[VDIWEFTC])\s{0,3}[\])>|]"
    rb"|" + _NAMED + rb"))"
)

#: At the start of a line that has no stamp.
LEVEL_FIRST = re.compile(
    rb"[\[(<]?(" + _UPPER + rb"|" + _ANY + rb"(?=[\]>)]|: ))[\])>]?(?=[\s:|,-])"
)
#: Level on the second line of a java.util.logging record.
LEVEL_SECOND = re.compile(
    rb"[^\n]*\r?\n(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST|[A-Z]{4,12}): "
)

_PREFIX_TOKEN = rb"(?:" + _TOKEN + rb"|" + _ANY + rb"(?=\s+[\[\d])|[A-Z],?)"
_PREFIX_STAMPS = ("iso", "compact", "named", "ctime", "short", "epoch")


def opened(kind: str) -> bytes:
    """Source of a stamp at the start of a line, in brackets or not: groups t, f, z."""
    close = rb"(?=[\s\],|:;)>\"]|$)" if kind == "epoch" else rb""
    return (
        rb"[\[(<\"']?(?P<t>" + SHAPES[kind] + rb")(?P<f>" + FRACTION + rb")"
        rb"(?P<z>" + OFFSET + rb")" + close
    )


def prefixed(kind: str) -> bytes:
    """Source of a stamp behind a few head-like tokens (a file name, a level, a host)."""
    return rb"(?P<p>(?:" + _PREFIX_TOKEN + rb"[ \t|,:]{1,20}){1,6}?)" + opened(kind)


PREFIXED = tuple(_PREFIX_STAMPS)
#: Whether a line may begin with head-like tokens and then a stamp: asked before the six shapes.
PREFIX_GUARD = re.compile(
    rb"(?:"
    + _PREFIX_TOKEN
    + rb"[ \t|,:]{1,20}){1,6}?[\[(<\"']?(?:[\d]|"
    + rb"Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
)
PREFIX_LEVEL = re.compile(rb"(?:^|[\s\[(<|,])(" + _UPPER + rb"|" + _ANY + rb")(?=[\s\])>|,:]|$)")

#: Stream and flag of the container runtime interface's log format.
CONTAINER = re.compile(rb" (?:stdout|stderr) [FP] ")
GLOG = rb"(?P<l>[IWEFD])(?P<t>" + SHAPES["glog"] + rb")(?P<f>\.\d+) +\d+ [^\]\n]{1,200}\] "
TORNADO = (
    rb"\[(?P<l>[IWEDC]) (?P<t>(?:\d{6}|\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d)(?P<f>)[^\]\n]{0,120}\] "
)
SYSLOG = (
    rb"(?:<(?P<pri>\d{1,3})>)?(?P<t>" + SHAPES["syslog"] + rb"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"
    rb"(?P<f>(?:\.\d+)?)(?P<z>(?:Z|[+-]\d\d:\d\d)?) "
    rb"(?:[\w.:-]{1,255} )?(?:[^\s:\[]{1,128}(?:\[[^\]\n]{0,40}\])?: ?)?"
)
SYSLOG_ISO = (
    rb"(?P<t>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?P<f>(?:\.\d+)?)(?P<z>Z|[+-]\d\d:\d\d) "
    rb"[\w.:-]{1,255} [\w./()-]{1,128}\[\d{1,10}\]: ?"
)
SYSLOG_5424 = (
    rb"<(?P<pri>\d{1,3})>\d{1,2} (?P<t>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?P<f>(?:\.\d+)?)"
    rb"(?P<z>Z|[+-]\d\d:\d\d) \S{1,255} \S{1,48} \S{1,128} \S{1,32} (?:-|(?:\[[^\]\n]*\])+) ?"
)
LOGFMT = (
    rb"(?:[\w.@]{1,40}=(?:\"[^\"\n]{0,200}\"|[^\s\"]{0,200}) ){0,4}?"
    rb"(?:time|ts|timestamp|t|at|date|datetime)=\"?(?P<t>"
    + SHAPES["iso"]
    + rb"|"
    + SHAPES["epoch"]
    + rb")(?P<f>"
    + FRACTION
    + rb")(?P<z>"
    + OFFSET
    + rb")"
)
LOGFMT_LEVEL = re.compile(_NAMED)
LOGFMT_BARE = rb"(?:level|lvl|severity)=\"?\w+\"? "
JUL = rb"(?P<t>" + SHAPES["spoken"] + rb")(?P<f>)(?P<z>)[^\n]*"

#: Between level and message: process, thread, logger.
MESSAGE = re.compile(
    rb"[\s:|\])>,;\"-]*(?:\d{1,9}\s+)?(?:-{2,3}\s+)?(?:[:-]\s+)?"
    rb"(?:(?=[\w$-]*\.)[\w.$-]{2,200}\s+(?=\[))?(?:\[[^\]\n]{0,200}\]:?\s*){0,4}"
    rb"(?:(?=[\w$-]*[./$])[\w.$/<>-]{2,200}(?<!Exception)(?<!Error)(?<!Throwable)"
    rb"(?:\([^)\n]{0,80}\))?(?::\d+)?(?:\[\d+\])?\s*(?::|-|\|)\s+"
    rb"|[\w.$/<>-]{1,200}(?:\s\*\d\d)?\s+-\s+)?(?:-+\s+)?(?:\[-\]\s+)?"
)
