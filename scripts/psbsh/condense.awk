# Condenses a stretch of a log: what the workstation can tell from a head of a record alone is
# counted, everything else is handed back. It knows no format: the profile in PSB_PROFILE says
# what heads look like, and which beginnings mean what. POSIX awk, bytes, no intervals.
# loop.sh puts `begins(i)` in: whether the line begins as shape i, by a constant expression.

BEGIN {
    ns = nk = nl = out = records = ngroups = 0
    limit = 0; room = 1000000; drop = 0; access = nm = wrapped = single = nv = 0; nul = ENVIRON["PSB_NUL"]
    n = split(ENVIRON["PSB_PROFILE"], row, "\n")
    for (i = 1; i <= n; i++) {
        tag = substr(row[i], 1, 1); value = substr(row[i], 3)
        if (tag == "d") drop = value + 0
        else if (tag == "e") limit = value + 0
        else if (tag == "o") room = value + 0
        else if (tag == "a") access = 1
        else if (tag == "m") more[++nm] = value
        else if (tag == "l") literal[++nl] = value
        else if (tag == "f") wrapped = 1
        else if (tag == "g") single = 1
        else if (tag == "v") vain[value] = ++nv
        else if (tag == "s") shape(value)
        else if (tag == "k") { at = index(value, " "); known[substr(value, at + 1)] = substr(value, 1, at - 1) }
        else if (tag == "b") bad[value] = 1
    }
    for (i = 1; i < 256; i++) byte[sprintf("%c", i)] = 1
    white[" "] = white["\t"] = white["\r"] = white["\v"] = white[""] = 1
    run = 0
    off = 0; mode = ""; text = ""; head = ""; time = ""; done = 0; from = 0
}

# s number start stampstart minutelength second fractionend zonestart zonelength regex
function shape(v,    p) {
    split(v, p, " ")
    ns++
    sid[ns] = p[1]; lead[ns] = p[2] + 0; mlen[ns] = p[3] + 0; sec[ns] = p[4] + 0
    before[ns] = p[1] "\036" (p[2] + 0 ? "" : "\036"); mid0[ns] = p[5] + 0; zone[ns] = p[6] + 0; zlen[ns] = p[7] + 0
}

# Nothing of this stretch can be condensed: the workstation reads it as it is.
function refuse(why) { refused = 1; print "!" why; exit }

function say(line) { out += length(line) + 1; print line }

# The record before the line that comes now is whole.
function commit() {
    if (mode == "") return
    records++
    if (nm && (mode == "g" || mode == "w")) {
        for (j = 1; j <= nm; j++) if (index(text, more[j])) { mode = "u"; break }
        if (mode == "w") mode = "c"
    }
    if (mode == "c") { count[key]++; where = head; wlen = hlen; told = "h" }
    else if (mode == "g") { group(); where = head; wlen = hlen; told = "h" }
    else hand("r " records, text)
    mode = ""
}

# Hands text back as it is. What came before it may tell its time.
function hand(what, body,    j, m) {
    if (told == "h") say("t " substr(where, 1, wlen))
    m = split(body, part, "\n")
    say(what " " m)
    for (j = 1; j <= m; j++) say(part[j])
    told = "r"
}

function group(    g, first, rest, at) {
    at = index(text, "\n")
    first = at ? substr(text, tail, at - tail) : substr(text, tail)
    rest = at ? substr(text, at) : ""
    gsub(/[0-9]/, "0", first)
    if (first ~ /[0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f]/) first = ids(first)
    g = first
    if (rest != "") {
        if (!(rest in normal)) {
            if (++nnormal > 2000) { split("", normal); nnormal = 0 }
            at = rest
            gsub(/:[0-9]+/, ":0", at); gsub(/ [0-9]+/, " 0", at)
            gsub(/=[0-9]+/, "=0", at); gsub(/#[0-9]+/, "#0", at)
            normal[rest] = at
        }
        g = g normal[rest]
    }
    g = class "\034" g
    if (!(g in gn)) {
        ngroups++; order[ngroups] = g; out += length(text) + 40
        gn[g] = 0; gfirst[g] = text; gfi[g] = records
    } else if (gn[g] == 1) { gsecond[g] = text; gsi[g] = records; out += length(text) + 20 }
    else { if (gn[g] == 2) out += length(text) + 20; glast[g] = text; gli[g] = records }
    gn[g]++
    k = g "\035" key
    if (!(k in gk)) { gk[k] = 0; glo[k] = ghi[k] = second; gkeys[g] = gkeys[g] key "\n"; out += 40 }
    gk[k]++
    if (second < glo[k]) glo[k] = second
    if (second > ghi[k]) ghi[k] = second
}

# A text whose digits are 0, with UUIDs and long hexadecimal ids made alike.
function ids(first,    g) {
    while (match(first, /[0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f]-[0a-f][0a-f][0a-f][0a-f]-[0a-f][0a-f][0a-f][0a-f]-[0a-f][0a-f][0a-f][0a-f]-[0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f]/)) first = substr(first, 1, RSTART - 1) "~" substr(first, RSTART + RLENGTH)
    g = ""
    while (match(first, /[0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f][0a-f]*/)) {
        pre = substr(first, 1, RSTART - 1); tok = substr(first, RSTART, RLENGTH)
        first = substr(first, RSTART + RLENGTH)
        plain = pre ~ /[A-Za-z0-9_]$/ || first ~ /^[A-Za-z0-9_]/ || tok !~ /[a-f]/ || tok !~ /0/
        g = g pre (plain ? tok : "~" length(tok) "~")
    }
    return g first
}

# A line that begins like no known head. With it the record is no plain one any more: it comes
# back as it is, unless it is one of many alike.
function other() {
    if (mode == "") { mode = "u"; text = $0; from = off; fromlines = lines; return }
    if (mode == "c" || mode == "w") mode = "u"
    else if (mode == "g" && (single || $0 ~ /[0-9][:.][0-9][0-9]|[0-9][0-9][0-9][0-9][0-9][0-9]/)) mode = "u"
    add()
}

function add() {
    if (mode == "g" || mode == "w" || mode == "u") text = text "\n" $0
    if (length(text) > 500000) refuse("a long record")
}

# What was asked for: without its query, longer numbers and hexadecimal ids alike. psbhost's
# routes.py masks what is left, and finds the same route in either text.
function asked(t,    x, g, tok) {
    x = index(t, "?")
    if (x) t = substr(t, 1, x - 1)
    gsub(/[0-9][0-9]+/, "00", t)
    if (t !~ /[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]/) return t
    g = ""
    while (match(t, /[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]*/)) {
        tok = substr(t, RSTART, RLENGTH)
        g = g substr(t, 1, RSTART - 1) (tok ~ /[0-9]/ ? "00" : tok)
        t = substr(t, RSTART + RLENGTH)
    }
    return g t
}

# Counts an access line by its route and what is behind its request. False: not regular enough.
function request(    q, tail0, behind, status, size, a, m) {
    if (index($0, "\\") || index($0, "\036")) return 0
    if ($0 !~ /^[0-9a-f.:]+ - [^" ]+ .[0-9][0-9].[A-Z][a-z][a-z].[0-9][0-9][0-9][0-9]:[0-9][0-9]:[0-9][0-9]:[0-5][0-9]/) return 0
    if ($0 ~ /^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+ /) who = "0.0.0.0"
    else if ($0 ~ /^[0-9a-f]*:[0-9a-f:]+ /) who = c == ":" ? "::1" : c ~ /[0-9]/ ? "2001:db8::1" : "fe80::1"
    else return 0
    m = split($0, a, "\"")
    if (m != 3 && m != 7 || length(a[2]) > 500) return 0
    if (a[3] !~ /^ [0-9][0-9][0-9] ([0-9]+|-)( |\r?$)/) return 0
    if (substr(a[1], length(a[1]) - 1) != "] ") return 0
    b = index(a[1], " ["); b = b ? b + 1 : 0
    if (!b || substr(a[1], b + 3, 1) != "/" || substr(a[1], b + 7, 1) != "/") return 0
    stamp = substr(a[1], b + 1, 17); rest0 = substr(a[1], b + 21)
    if (rest0 !~ /^( [-+][0-9][0-9][0-9][0-9])?[]] $/) return 0
    status = substr(a[3], 1, 5)
    behind = substr(a[3], 6)
    sub(/^[0-9]+/, "0", behind)
    if (m == 7) {
        behind = behind "\"" (a[4] ~ /^[0-9.]+$/ ? a[4] : "-") "\"" a[5] "\"" (a[6] ~ /^[0-9.]+$/ ? a[6] : "-") "\"" a[7]
    }
    rkey = "A " who " " stamp rest0 "\036" asked(a[2]) "\036" status behind
    rhead = who " - - [" substr(a[1], b + 1) "\"-\"" status behind
    return 1
}

{
    size = length($0) + 1
    if (drop > 0) {
        if (size <= drop) { drop -= size; next }
        $0 = substr($0, drop + 1); size -= drop; drop = 0
    }
    if (limit && off + size > limit) { done = 1; exit }
    if (size > 200000) refuse("long lines")
    if (nul && index($0, "\001")) refuse("NUL bytes")
    c = substr($0, 1, 1)
    if (c == "\f" || c == "\357" || index($0, "\033")) refuse("colours or marks")
    if (wrapped && (index($0, "\tat ") || index($0, "    at ") || index($0, "#011") || index($0, "File \"") || index($0, "goroutine "))) refuse("traces line by line")
    if (c in white) {
        if (mode == "g" && !single) add()
        else if (size < 3 || $0 !~ /[^ \t\r\v\f]/) add()
        else {
            if (mode != "") mode = "u"
            add()
        }
        off += size; lines++
        next
    }
    hit = 0
    for (i = 1; i <= ns; i++) {
        if (!begins(i)) continue
        if (nv && (substr($0, lead[i] + 1, mlen[i]) in vain)) continue
        hit = -i
        if (RLENGTH + 1 == size) continue
        hl = RLENGTH
        mid = substr($0, mid0[i], hl - mid0[i] + 1)
        mid = (lead[i] ? before[i] substr($0, 1, lead[i]) "\036" : before[i]) mid
        if (mid in known) { hit = i; break }
        m = substr($0, mid0[i], hl - mid0[i] + 1)
        gsub(/[0-9]/, "0", m)
        m = (lead[i] ? before[i] substr($0, 1, lead[i]) "\036" : before[i]) m
        if (m in known) {
            if (nk++ < 20000) known[mid] = known[m]
            else mid = m
            hit = i
            break
        }
    }
    if (!hit) {
        if (access && request()) mode0 = "a"
        else {
            if (!(c in byte)) refuse("binary data")
            other()
            off += size; lines++
            if (out > room) { done = 1; exit }
            next
        }
    } else mode0 = hit > 0 ? "s" : "u"
    # A head: close what is open, unless no room is left.
    if (mode == "c") { records++; count[key]++; where = head; wlen = hlen; told = "h" }
    else commit()
    from = off; fromlines = lines
    if (out > room || ngroups > 3000) { done = 1; exit }
    if (mode0 == "s") {
        i = hit
        class = known[mid]
        second = sec[i] ? substr($0, sec[i], 2) : ""
        if (zlen[i]) minute = substr($0, lead[i] + 1, mlen[i]) "\036" substr($0, zone[i], zlen[i])
        else minute = substr($0, lead[i] + 1, mlen[i])
        if (minute != lastminute || class != lastclass || i != lastshape) {
            lastminute = minute; lastclass = class; lastshape = i
            lastkey = "K " sid[i] " " class " " minute
        }
        key = lastkey
        head = $0; hlen = hl
        if (class in bad) { mode = "g"; text = $0; tail = mid0[i] }
        else if (nm) { mode = "w"; text = $0 }
        else { mode = "c"; text = $0 }
        if (nl) for (j = 1; j <= nl; j++) if (index($0, literal[j])) { mode = "u"; text = $0; break }
    } else if (mode0 == "a") {
        mode = "c"; key = rkey; head = rhead; hlen = length(rhead); text = $0
        for (j = 1; j <= nl; j++) if (index($0, literal[j])) { mode = "u"; break }
    } else { mode = mode0; text = $0 }
    off += size; lines++
}

END {
    if (!refused) finish()
}

function finish(    g, j, m, t) {
    for (key in count) say("c " count[key] " " key)
    for (j = 1; j <= ngroups; j++) {
        g = order[j]
        m = split(gkeys[g], part, "\n") - 1
        say("g " gn[g] " " m)
        for (t = 1; t <= m; t++) { k = g "\035" part[t]; say(gk[k] " " glo[k] " " ghi[k] " " part[t]) }
        example(gfi[g], gfirst[g])
        if (gn[g] > 1) example(gsi[g], gsecond[g])
        if (gn[g] > 2) example(gli[g], glast[g])
    }
    if (told == "h") say("t " substr(where, 1, wlen))
    print "E " from " " fromlines + 0 " " records " " done
}

function example(index0, body,    m, j) {
    m = split(body, example_part, "\n")
    say("i " index0 " " m)
    for (j = 1; j <= m; j++) say(example_part[j])
}
