"""Levels: names and numbers of all schools to the index used on the wire."""

NONE, TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL = range(7)
NAMES = ("none", "trace", "debug", "info", "warning", "error", "critical")

_WORDS = {
    TRACE: "trace trc finer finest verbose2 all t",
    DEBUG: "debug dbug dbg fine verbose vrb v d diagnostic db",
    INFO: (
        "info information informational inf notice note config log i n default system"
        " infos informazioni in no"
    ),
    WARNING: (
        "warn warning warnings wrn w deprecated warnung avertissement advertencia avvertenza wa"
    ),
    ERROR: "err error errors eror severe failure fail e schwerwiegend fehler grave erreur er",
    CRITICAL: (
        "crit critical fatal ftl alert emerg emergency panic dpanic f a c wtf fault parse cr al em"
    ),
}
BY_WORD = {word.encode(): level for level, words in _WORDS.items() for word in words.split()}
_TEXTS = {}
#: Syslog severity 0..7, RFC 5424 section 6.2.1.
BY_SEVERITY = (CRITICAL, CRITICAL, CRITICAL, ERROR, WARNING, INFO, INFO, DEBUG)


def from_word(word: bytes) -> int:
    """Level of a written word in any case, or of a number, NONE when it is neither."""
    found = BY_WORD.get(word.lower())
    if found is None:
        return from_number(int(word)) if word.isdigit() and len(word) < 3 else NONE
    return found


def from_number(number: float) -> int:
    """Level of a number: syslog severity 0..7, or the bunyan and pino scale 10..60."""
    if 0 <= number <= 7 and number == int(number):
        return BY_SEVERITY[int(number)]
    if number < 10:
        return NONE
    scale = ((60, CRITICAL), (50, ERROR), (40, WARNING), (30, INFO), (20, DEBUG), (10, TRACE))
    for bound, level in scale:
        if number >= bound:
            return level
    return NONE


def from_telemetry(number) -> int:
    """Level of OpenTelemetry's severity number: four steps to each level, from trace on."""
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 1 <= number <= 24:
        return NONE
    return (TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL)[(int(number) - 1) // 4]


def from_python(number) -> int:
    """Level of Python's logging: 10 debug to 50 critical."""
    if isinstance(number, bool) or not isinstance(number, (int, float)) or number <= 0:
        return NONE
    steps = (TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL)
    return steps[min(5, int(number) // 10)]


def from_value(value) -> int:
    """Level of a JSON value."""
    if isinstance(value, bool) or value is None:
        return NONE
    if isinstance(value, (int, float)):
        return from_number(value)
    if not isinstance(value, str):
        return NONE
    known = _TEXTS.get(value)
    if known is None:
        if value.isdigit() and len(value) < 4:
            known = from_number(int(value))
        else:
            known = from_word(value.strip()[:20].encode("ascii", "replace"))
        if len(_TEXTS) < 1000:
            _TEXTS[value] = known
    return known
