"""The shapes of record heads: what may stand between a time stamp and the message.

Only regular expressions live here, built once. A level counts when nothing but head-like
tokens (numbers, bracketed parts, dotted or dashed names) stands between it and the stamp: a
level word within a sentence is text. Every repetition is bounded and every bracketed token
ends in its bracket, so that no line can make the matcher go back further than a head is long.
"""

from psbhost.lazily import Expression
from psbhost.stamps import FRACTION, OFFSET, SHAPES

_UPPER = (
    rb"(?:TRACE|DEBUG|INFO(?:RMATION)?|NOTICE|WARN(?:ING)?|ERR(?:OR)?|CRIT(?:ICAL)?|FATAL|SEVERE"
    rb"|ALERT|EMERG(?:ENCY)?|PANIC|CONFIG|FINE(?:R|ST)?|VERBOSE|FAILURE|LOG(?=:| \[)"
    rb"|TRC|DBG|INF|WRN|FTL|PNC|VRB)(?![\w.$])"
)
#: In any case; by their first letters, so that a matcher leaves most of them out at once.
_ANY = (
    rb"(?:[Tt](?i:race|rc)|[Dd](?i:ebug|bug|bg|panic)|[Ii](?i:nfo|nformation|nf)|[Nn](?i:otice)"
    rb"|[Ww](?i:arn|arning|rn)|[Ee](?i:rror|rr|merg|mergency)|[Cc](?i:rit|ritical|onfig)"
    rb"|[Ff](?i:atal|tl|ine|iner|inest)|[Ss](?i:evere)|[Aa](?i:lert)|[Pp](?i:anic)"
    rb"|[Vv](?i:erbose|rb))"
)
#: Any level word, ended.
ANY_LEVEL = rb"(?:" + _UPPER + rb"|" + _ANY + rb"|(?i:fail|trce|note|default|fault))(?!\w)"
#: Within brackets more words are levels.
_MARKED = rb"(?:" + _ANY + rb"|(?i:note|success|audit)|System(?=\] \[MY-)|[VDIWEFTC])"
_BRACKET = rb"\[[^\[\]\n]{0,200}(?:\[[^\[\]\n]{0,80}\][^\[\]\n]{0,200}){0,3}\]:?"
#: Words that may stand alone between stamp and level, but begin a sentence just as well.
_SENTENCE = (
    rb"(?!(?i:an?|the|no|not|got|had|has|have|is|was|are|were|be|been|with|without|on|of|and|or|for"
    rb"|from|to|in|at|by|as|if|any|some|one|two|first|last|new|old|all|more|most|this|that|these"
    rb"|received|returned|return|raised|found|unknown|fatal|internal|server|client|general|unexpected"
    rb"|possible|ignoring|ignored|last|next|set|setting|log|level|count|total|job|there)\s)"
)
_NUMBER = rb"#?\d[\w.:#*/%-]{0,60}\]?"
#: A name has a digit or a mark in it.
_NAME = rb"(?=[^\s|\[=(]{0,100}[\d._/@$-])[A-Za-z_]"
_TO_COMMA = rb"[^\s|\[=(,]{1,120}(?<![:;.!?])(?=,)"
_NAME_TO_COMMA = _NAME + _TO_COMMA
_TOKEN = (
    rb"(?:\([^)\n]{0,100}\)|<[^>\n]{0,60}>|\{[^}\n]{0,100}\}"
    rb"|" + _NUMBER + rb"|[-:;*>~=/\\#&]{1,6}"
    rb"|[A-Z]{2,20}(?: [A-Z]{2,20}){0,2}(?=[ \t|]{1,40}(?!ALERT:)(?:" + _UPPER + rb"|[\[(<|]))"
    rb"|" + _NAME + rb"(?:[^\s|\[=(]{1,120}(?<![:,;.!?])"
    rb"(?=[:,;.!?]{0,3}(?:[\s|\[=(]|$))|" + _TO_COMMA + rb")"
    rb"(?:\[[^\]\n]{0,40}\])?|[A-Z][a-z0-9]{1,40}(?:[A-Z][a-z0-9]{1,40}){1,4}(?=[ \t])"
    rb"|(?:[a-z]{2,12}: [^\s;]{1,120};? ){0,2}[a-z]{2,12}: [^\s;]{1,120}(?= " + _UPPER + rb")"
    rb"|[a-z_]{2,20}=[\w-]{1,80}(?=[ \t]{1,4}\[)"
    rb"|[\w.]{1,20}=[^\s,;=]{0,80}(?:[,;][\w.]{1,20}=[^\s,;=]{0,80}){0,7}[,;]?"
    rb"(?=[ \t]{1,4}[A-Z]{3,9}:)"
    rb"|\w{1,40}(?=\s{1,4}[-|]\s|\|\s)|\w{1,40}\(\)|main|root|app"
    rb"|" + _SENTENCE + rb"[a-z]\w{1,40}(?=[ \t]{1,8}" + _UPPER + rb"))"
)
#: One of the tokens between stamp and level, read in one way only: looked ahead for, then taken
#: as group 5 of LEVEL_AFTER, it cannot be given back in part.
_TOKENS = rb"(?:" + _BRACKET + rb"[ \t|]{0,40}|(?=(" + _TOKEN + rb")[ \t|])\5[ \t|]{1,40})"
#: A level by its name: a word behind `=` or `:`, a number behind `=` alone.
_KEYED = rb"(?:[Ll]evel|LEVEL|lvl|[Ss]everity|SEVERITY|sev|log_?level|prio(?:rity)?)"
_NAMED = _KEYED + rb"(?:=[\"\[]?|: ?(?=" + _ANY + rb"(?!\w)))(\w{1,12})"

#: After a stamp: the level in the last of the groups. 2, 3 and 4 stand for Android's letters.
LEVEL_AFTER = Expression(
    rb"[\s\])>|:,;*\"-]{0,60}(?:"
    rb"(?:\d{1,10}: )?("
    + _ANY
    + rb"|(?i:success)(?= {0,4}\|))(?=[:\t|\],;]|  | : |/[A-Za-z]\w{1,60}: )"
    rb"|(?:\d{1,7}-\d{1,7}/[\w.?:-]{1,120}[ \t]+)?([VDIWEF])/(?=[\w.-])"
    rb"|(?:[a-z_]\w{0,30}[ \t]+(?=\d+[ \t]+\d))?(?:\d{1,7}[ \t:]+){1,3}([VDIWEFA])[ \t](?=\S)"
    rb"|\d{1,7}-\d{1,7}[ \t]+\S{1,60}[ \t]+[\w.:-]{1,120}[ \t]+([VDIWEFA])  "
    rb"|" + _TOKENS + rb"{0,7}?(?:"
    rb"[\[(<|\"]?\s?(" + _UPPER + rb")"
    rb"|[\w-]{1,40}\.(" + _UPPER + rb")(?=:)"
    rb"|[\[(<|](?:[\w .:#-]{0,80}[:/])?\s?(" + _MARKED + rb")\s{0,12}[\])>|]"
    rb"|" + _NAMED + rb""
    rb"|(?<=[ \t])(?:#(" + _ANY + rb")#|\*(" + _ANY + rb")\*))"
    rb"|([VDIWEF]) +(?:\| +(?:[\w./-]{1,60}:\s)?|[A-Z][A-Z0-9_]{2,20} +(?=\[))"
    rb"|(?:(?:[\w./-]{1,40}\[[\w:]{1,20}\]|" + _BRACKET + rb")\s{0,3}){1,3}(" + _ANY + rb")(?=:\s)"
    rb"|(?:- )?(?:[\w.-]{1,40}: )?(debug|info|notice|warning|error|critical|fatal|verbose)(?=: )"
    rb"|(?<=\t)(?:[^\t\n]{0,60}\t){1,6}?(" + _ANY + rb")(?=\t|:\s|\s*$)"
    rb"|([VDIWEF])! (?=\[)"
    # Right behind the stamp, before a program with its process, or a thread's number.
    rb"|(" + _ANY + rb")(?= (?:[\w./-]{1,60}\[\d{1,10}\] |\d{1,7} ))"
    rb"|[\[<(][ \d]{1,8}[\])>][ \t]+(" + _ANY + rb")(?=[ \t|])"
    rb"|\w{1,12}:\d{1,12}\)(" + _UPPER + rb")(?=:)"
    rb"|\w{1,12}\|[ \t]([VDIWEF])(?=\d{2,3}: )"
    rb"|(In|Wa|Er|Db|No|Cr|Al|Em)(?=\(\d{1,3}\) )"
    rb"|([VDIWEFCN]) +(?=\[)"
    rb"|[ \t]*[\w-]{1,40}\|[^|\n]{0,60}\|([VDIWEFCN])(?=\|)"
    rb"|[A-Z]\w{1,30} \((" + _ANY + rb")(?=\): )"
    rb"|(?=[^<\n]{1,120}<[A-Z])(?:[\w:./-]{1,80}[ \t]+){1,5}(?:\[[\w ]{1,20}\][ \t]+)?<("
    + _UPPER
    + rb")(?=>)"
    rb"|(?<=- )[\w. ]{1,60} - (" + _UPPER + rb")"
    rb"|[\w:.@-]{1,80}-\[(" + _UPPER + rb")(?=\]:)"
    rb"|##\[(" + _ANY + rb")(?=\])"
    # The severity that ends a message's code.
    rb"|(?:\d{1,7}[ \t]+)?[A-Z]{3,5}\d{4,5}([IWE])(?=:\s)"
    rb"|[^\s:\"=]{1,80}:(?:[^\s:\"=]{1,60}:){1,3}(" + _UPPER + rb")(?=:\s)"
    rb"|PHP (Fatal|Parse|Warning|Notice|Deprecated)(?=[ :])(?: error)?"
    rb")"
)

#: At the start of a line that has no stamp.
LEVEL_FIRST = Expression(
    rb"[\[(<]?(" + _UPPER + rb"|" + _ANY + rb"(?=[\]>)]|: ))[\])>]?(?=[\s:|,-])"
)
#: The logger of Python's own default: LEVEL:name:message.
LOGGER_FIRST = Expression(rb":[\w.-]{1,100}:")
#: Level on the second line of a java.util.logging record.
LEVEL_SECOND = Expression(
    rb"[^\n]*\r?\n(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST|[A-Z]{4,13}): "
)
#: Class and method behind a stamp, nothing else; the level may stand on the second line.
SOURCE_ONLY = Expression(
    rb"[ \t]+(?:[\w$]{1,60}\.){1,12}[A-Z][\w$]{0,80}[ \t]+[\w$<>]{1,80}[ \t]*\r?"
    rb"(?:\n([A-Z]{4,13}): |\Z)"
)
#: Class, method and level on the one line of such a record.
LEVEL_SPOKEN = Expression(
    rb"[ \t]+(?:[\w.$<>]{1,200}[ \t]+){1,2}(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST):[ \t]"
)

_OTHER = (
    rb"[A-Z]{2,20}(?![\w.])(?![ \t|]{1,40}(?:"
    + _UPPER
    + rb"|[\[(<|]))|(?![A-Z]{2,20}(?![\w.]))"
    + _ANY
    + rb"(?=:?[\s,]+[\[\d(])"
    rb"|[-*=#]{7,80}(?= )|[a-z]{3,12}(?=\t[\[(]?\d)"
    rb"|[A-Z],?|(?:https?|h2|grpcs?|wss?|tls)(?= )|[A-Za-z]\w{0,20}=[\w./:-]{1,60}(?= )"
)
_PREFIX_TOKEN = rb"(?:" + _BRACKET + rb"|" + _TOKEN + rb"|" + _OTHER + rb")"
_GAP = (
    rb"(?:[ \t|,]{1,20}|(?<=\w);(?=[^\s;])|(?<![-:;*>~=/\\#&]): |(?<=[A-Z]):(?=\d{4})"
    rb"|(?<=\])(?=\[\d))"
)


def opened(kind: str) -> bytes:
    """Source of a stamp at the start of a line, in brackets or not: groups t, f, z."""
    close = rb"(?=[\s\],|:;)>\"]|$)" if kind == "epoch" else rb""
    return (
        rb"[\[(<\"']?(?P<t>" + SHAPES[kind] + rb")(?P<f>" + FRACTION + rb")"
        rb"(?P<z>" + OFFSET + rb")" + close
    )


PREFIXED = ("iso", "compact", "named", "ctime", "short", "numeric", "epoch", "clock")
#: Whether a stamp of one of these kinds may stand here.
PREFIXED_STAMP = Expression(
    rb"[\[(<\"']?(?:" + b"|".join(SHAPES[kind] for kind in PREFIXED) + rb")"
)
#: The ways in which a head-like token may end. The first finds one wherever there is any; the
#: others find the shorter ones: no name, or a name up to its first comma.
PREFIX_STEPS = (
    Expression(_PREFIX_TOKEN + _GAP),
    Expression(rb"(?:" + _NUMBER + rb"|" + _OTHER + rb"|main|root|app)" + _GAP),
    Expression(_NAME_TO_COMMA + _GAP),
)
PREFIX_LEVEL = Expression(rb"(?:^|[\s\[(<|,;])(" + _UPPER + rb"|" + _ANY + rb")(?=[\s\])>|,;:]|$)")
#: A letter alone before a stamp in brackets.
PREFIX_LETTER = Expression(rb"([TDVINWEFCAX]),? \Z")
#: A date in front of a time of day: had it been one that exists, both were one stamp.
ENDS_IN_DATE = Expression(rb"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\W{1,3}\Z")
#: A number, a few words, an epoch, one small number: columns of a cluster's events.
COUNTED = (
    rb"\d{1,10}(?:[ \t]+[A-Za-z][\w./()-]{0,60}){1,5}[ \t]+(?P<t>1\d{9})(?P<f>)(?P<z>)"
    rb"(?=[ \t]+-?\d{1,3}[ \t]+\S)"
)
#: A second stamp behind the first one and a few names: clusters and collectors write two.
SECOND_STAMP = Expression(
    rb"(?:[ \t]+[^\s\[\"]{1,60}){1,3}?[ \t]+(?:(?P<s>" + SHAPES["syslog"] + rb")(?= )"
    rb"|(?P<i>" + SHAPES["iso"] + rb")" + FRACTION + OFFSET + rb"(?=\s))"
)
#: One small number between an epoch and the text behind it.
FLAG = Expression(rb"[ \t]+-?\d{1,3}(?=[ \t]+[^\W\d])")

#: Stream and flag of the container runtime interface's log format.
CONTAINER = Expression(rb" (?:stdout|stderr) [FP] ")
GLOG = (
    rb"(?P<l>[IWEFD])(?P<t>(?:20\d\d)?" + SHAPES["glog"] + rb")(?P<f>\.\d+) +\d+ [^\]\n]{1,200}\] "
)
TORNADO = (
    rb"\[(?P<l>[IWEDCF]) (?P<t>(?:\d{6}|\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d)(?P<f>)[^\]\n]{0,120}\] "
)
#: Severities as syslog servers write them between host and program.
_GRADE = (
    rb"(?:(?:kern|user|mail|daemon|auth|authpriv|syslog|lpr|news|uucp|cron|ftp|security|local[0-7])"
    rb"[.])?(?:emerg|panic|alert|crit|err|error|warn|warning|notice|info|debug)"
)
_PROGRAM = (
    rb"(?:(?:(?:-- )?[^\s:%\[][^\s:\[]{0,127}(?:\[[^\]\n]{0,40}\])?"
    # Words in front of a number in brackets: a program's name with blanks.
    rb"|[A-Z][^\s:\[\]]{0,60}(?: [^\s:\[\]]{1,60}){1,6}\[\d{1,10}\])"
    rb"(?:(?: ?\([^)\n]{1,80}\)| v?\d[\w.]{0,20})? ?: ?| (?=<[A-Z][a-z]{2,9}>: ))|: ?(?=%))?"
)
#: Host (or host/host) and program behind a second stamp.
PROGRAM = Expression(rb" ?(?:[\w.:/@-]{1,255} )? ?" + _PROGRAM)
#: Host and program behind a stamp that is no syslog's, where both are sure.
HOST_PROGRAM = Expression(rb" [\w.-]{1,120} [\w./@-]{1,80}\[\d{1,10}\]: ")
SPACE = Expression(rb"[ \t]*")
SYSLOG = (
    rb"(?:<(?P<pri>\d{1,3})>)?[*.]?(?P<t>" + SHAPES["syslog"] + rb"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"
    rb"(?P<f>(?:\.\d+)?)(?P<z>(?:Z|[+-]\d\d:\d\d)?):? "
    rb"(?: ?[\w.:-]{1,255} )? ?(?:(?P<g>"
    + _GRADE
    + rb") (?=[\w./-]{1,60}(?:\[\d{1,10}\])?: ))?"
    + _PROGRAM
)
#: A stamp of syslog's kind and then a level: no host, no program.
LEVEL_NEXT = Expression(rb" {1,4}[\[(<]?" + _UPPER)
#: A program without a host in front of it, then the level it writes itself.
HOSTLESS = Expression(
    rb" [\w./-]{1,60}(?:\([^)\n]{0,80}\))?(?:<[^>\n]{0,60}>){0,3}: "
    rb"(Debug|Info|Warning|Error|Fatal|Panic): "
)
SYSLOG_ISO = (
    rb"(?P<t>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?P<f>(?:[.,]\d+)?)(?P<z>Z|[+-]\d\d:?\d\d) "
    rb"(?![A-Z]{3,9} |-+ )[\w.:-]{1,255} (?!"
    + _ANY
    + rb": )(?:[\w./()@-]{1,128}\[\d{1,10}\]|[a-z][\w./()@-]{1,60}): ?"
)
SYSLOG_DAY = (
    rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<t>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?P<f>(?:[.,]\d+)?)"
    rb"(?P<z>"
    + OFFSET
    + rb") (?:[\w.:-]{1,255} (?:[\w./()@-]{1,128}\[\d{1,10}\]|[a-z][\w./()@-]{1,60}): ?)?"
)
SYSLOG_5424 = (
    rb"<(?P<pri>\d{1,3})>\d{1,2} (?P<t>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?P<f>(?:\.\d+)?)"
    rb"(?P<z>Z|[+-]\d\d:\d\d) \S{1,255} \S{1,48} \S{1,128} \S{1,32} (?:-|(?:\[[^\]\n]*\])+) ?"
)
#: A level that syslog's text begins with, marked as one: `<Warning>: `, `[ERROR] `, `%X-3-Y: `.
SYSLOG_LEVEL = Expression(
    rb"(?:[\[<](" + _ANY + rb")[\]>]:?\s+|(?=" + _UPPER + rb"(?::|  | \[))(?P<bare>[A-Z]{3,12})"
    rb"|\[ID \d{1,10} (?:\w{2,12}\.)(?P<graded>[a-z]{3,7})\] "
    rb"|(?:[*.]?[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d[.\d]{0,10}(?: [A-Z]{3,4})?: )?"
    rb"%[A-Z0-9_]{2,40}-(?P<number>[0-7])-[A-Z0-9_]{2,60}:)"
)
#: A severity between host and program, and the words it may be.
SYSLOG_GRADED = Expression(rb" " + _GRADE + rb" [\w./-]{1,60}(?:\[\d{1,10}\])?: ")
FACILITIES = b"kern user mail daem auth sysl lpr. news uucp cron ftp. secu loca".split()
GRADES = b"emerg panic alert crit err error warn warning notice info debug".split()
#: Text of a syslog record that may hold a level or a record of its own: read with care.
SYSLOG_INNER = Expression(
    rb"(?<=[:\]] )(?:[\[<%{*]|[A-Z]{3,12}(?::|  | \[)|\d{2,4}[-/.:]\d\d|[IWEF]\d{4} "
    rb"|\.?[A-Z][a-z]{2} [ \d]\d \d\d|(?:Debug|Info|Warning|Error|Fatal|Panic): )"
)
LOGFMT = (
    rb"(?:[\w.@]{1,40}=(?:\"[^\"\n]{0,200}\"|[^\s\"]{0,200}) ){0,4}?"
    rb"(?:time|ts|@?timestamp|t|at|date|datetime|_time|eventTime|event_time)=\"?(?P<t>"
    + SHAPES["iso"]
    + rb"|"
    + SHAPES["epoch"]
    + rb")(?P<f>"
    + FRACTION
    + rb")(?P<z>"
    + OFFSET
    + rb")"
)
LOGFMT_LEVEL = Expression(_NAMED)
LOGFMT_BARE = rb"(?:level|lvl|severity)=\"?\w+\"? "
JUL = rb"(?P<t>" + SHAPES["spoken"] + rb")(?P<f>)(?P<z>" + OFFSET + rb")[^\n]*"

_LOGGER = (
    # A dotted, nested or numbered name, and what marks its end.
    rb"(?:(?=[\w$-]*(?:[./$@#]|::|:\d))[\w.$/<>@#-]{1,200}(?:::?[\w<>$-]{1,100}){0,8}"
    rb"(?<!Exception)(?<!Error)(?<!Throwable)"
    rb"(?:\([^)\n]{0,80}\))?(?:\[\d+\])?\s*(?::|-|\||;)\s+"
    # A logger, its thread in brackets, a dash.
    rb"|[A-Za-z][\w.$]{1,100}\s+\[[^\[\]\n]{1,80}\]\s+-\s+"
    # A logger with brackets among its parts, a program with a bracket.
    rb"|[\w.$-]{1,100}\.\[[^\s]{1,100}\s*:\s+|[\w./-]{1,60}\[[\w./:-]{1,40}\]:\s+"
    # A program with blanks: its process and thread, or that it is one.
    rb"|[\w.-]{1,40}(?: [\w.-]{1,40}){0,4}\[\d{1,10}:[0-9a-f]{1,12}\]\s+"
    rb"|(?:[\w.()+-]{1,40} ){1,4}[\w.+-]{1,60}\.(?:exe|EXE)(?: \*\d\d)? - "
    # A class by its capitals, before a colon.
    rb"|(?=[A-Z]?[A-Z]*[a-z])[A-Za-z]\w{0,40}?[A-Z]\w{1,80}(?<!Exception)(?<!Error)(?<!Throwable)(?<!Warning)\s?:\s+"
    # Any word before a dash that stands alone.
    rb"|[\w.$/<>-]{1,200}(?:\s\*\d\d)?\s+-\s+"
    # A class and a method with nothing but a space behind them.
    rb"|(?=[a-z])(?:[\w$]{1,60}\.){1,12}(?:[A-Z][\w$]{0,80}(?:\.[\w$<>]{1,80})?)[ \t]+"
    rb"(?![-:=(,;\[])"
    # A column of its own.
    rb"|[A-Za-z][\w.$/@-]{0,40}[ \t]{3,}"
    # The part of a PostgreSQL record that is not its first.
    rb"|(?:STATEMENT|DETAIL|HINT|CONTEXT|QUERY|LOCATION):  "
    # The end of a bracket that holds stamp, level and place.
    rb"|[\w.:-]{1,120}\]\s+"
    # Django's name, process, thread.
    rb"|\w{1,60} \d{2,10} \d{6,20} )"
)
_CONTEXT = rb"\[(?!\"|(?:client|instance|pool|user|host|server) |(?!tid:)[a-z]{2,20}: )"
_INNER = rb"[^\[\]\n]{0,200}(?:\[[^\[\]\n]{0,80}\][^\[\]\n]{0,200}){0,3}\]:?"
_FIELD = (
    rb"(?: ?(?:[A-Za-z_][\w.$:@/<>#-]{0,100}|\d[\w.:-]{0,60}"
    rb"|\d{1,5} - [\w.-]{1,100}(?: - [\w.-]{1,40})?"
    rb"|\([^()\n]{1,120}\)|\[[^\[\]\n]{1,120}\])|)"
)
#: Between level (or stamp) and message: separators, process, thread, context, logger.
MESSAGE = Expression(
    rb"\s*(?:\[#\d{1,10}\]\s*)?-- [\w./ -]{0,40}:\s+"
    rb"|/[^\]\n\s]{1,60}\]\s+|/[A-Za-z]\w{1,60}:\s+"
    rb"|\s*\w{1,12}:\d{1,12}\)|\d{2,3}:\s|\(\d{1,3}\) \w{1,30}(?: -|:) "
    rb"|\s+\(\d{1,10}(?: on [\w.-]{1,80})?\):\s+"
    rb"|(?:\s:\s(?:\([^()\n]{1,80}\)|[\w.-]{1,40})(?=\s:\s)){1,6}\s:\s"
    rb"|\s+(?:[\w-]{1,40}\{[^}\n]{0,200}\}:){1,6}\s+(?:[\w:]{1,100}:\s)?"
    rb"|\s+(?:\([^()\n]{1,80}\)\s+(?=\[)|ThreadId\(\d{1,6}\)\s+(?=[\w:]{1,100}:\s))"
    rb"(?:\[[^\[\]\n]{0,200}\]\s+)?(?:(?=[a-z])(?:[\w$]{1,60}\.){1,12}[A-Z][\w$]{0,80}\s+|[\w:]{1,100}:\s+)?"
    rb"|(?:(?:\s*|\s[\w.-]{1,30})\|\s*(?:" + _FIELD + rb"\s*\|\s*(?=[^\s|])){0,6}"
    rb"|\t(?:" + _FIELD + rb"\t(?=[^\s{])){1,6}"
    rb"|,(?:" + _FIELD + rb",(?=[^\s,])){1,6})?"
    rb"[\s:|\])>,;-]*(?:" + _CONTEXT + _INNER + rb"\s+(?=\d+ ---))?"
    rb"(?:\d{1,10}(?:#\d{1,10}:\s|(?=\s+(?:---|\[)))\s*)?(?:-{2,3}\s+)?(?:[:-]\s+)?"
    rb"(?:<\d[\d.]{2,30}>(?:@[\w:]{1,120})?\s+)?"
    rb"(?:(?:(?=[\w$-]*\.)[\w.$-]{2,200}|[\w-]{1,60}\[\d{1,10}\])\s+(?=\[))?"
    rb"(?:" + _CONTEXT + _INNER + rb"(?:[ \t]*(?=[^\[\s])|[ \t]+(?=\[)|(?=\[)|\s*$)){0,6}"
    rb"(?<!\]\[)(?:(?<=\] )\((?![^)\n]{0,100}\)[:\w])[^()\n]{1,100}\)\s+)?"
    rb"(?:\s*" + _LOGGER + rb")?(?:-{1,3}\s+)?(?:\[-\]\s+)?(?:\[\[\s)?"
)
