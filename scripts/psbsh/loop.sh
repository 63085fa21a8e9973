# PS Buddy on a host without Python 3.6: standard tools answer requests, nothing is written.
# See docs/protocol.md, "Without Python". A request is lines on stdin, never code:
#   PSBSH <id> <nonce> <verb> <pack>, then its arguments (=argument), a profile (+line), a dot.
LC_ALL=C
export LC_ALL
TMOUT=900
nl='
'
renice -n 10 -p $$ >/dev/null 2>&1

have() { command -v "$1" >/dev/null 2>&1; }

# Which awk, which stat, and what else there is: found once.
probe() {
  awk= nul= how=ls
  for a in mawk awk gawk nawk "busybox awk"; do
    x=$(printf 'b 12 c\n' | PSB_PROFILE=ok $a 'function f(v) { gsub(/[0-9]+/, "n", v); return v }
      match($0, "[0-9][0-9]") { print f($0) RSTART ENVIRON["PSB_PROFILE"] }' 2>/dev/null)
    if [ "$x" = "b n c3ok" ]; then awk=$a; break; fi
  done
  if [ "$awk" ] && [ "$(printf 'a\000b\n' | $awk '{ print length($0); exit }')" != 3 ]; then nul=1; fi
  if [ "$(stat -L -c %F / 2>/dev/null)" = directory ]; then how=gnu
  elif stat -L -f %z / >/dev/null 2>&1; then how=bsd; fi
  gz=
  if have gzip; then gz=gzip; fi
}

# Device, inode, size, time, mode of a path; "!" and the reason when it cannot be told.
look() {
  case $how in
    gnu) stat $1 -c '%d %i %s %Y %f' -- "$2" 2>&1 | sed 's/^stat: */! /' ;;
    bsd) stat $1 -f '%d %i %z %m %Xp' "$2" 2>&1 | sed 's/^stat: */! /' ;;
    *) TZ=UTC0 ls -din${1#-} -- "$2" 2>&1 | sed 's/^ls: */! /;s/^/L /' ;;
  esac | head -n 1
}

hello() {
  echo "awk $awk"; echo "nul $nul"; echo "stat $how"; echo "gzip $gz"; echo "pid $$"
  echo "system $(uname -s) $(uname -r) $(uname -m)"
  clock
  echo "zone $(date +%z 2>/dev/null) $TZ"
  echo "local $(readlink /etc/localtime 2>/dev/null)"
  for t in ps systemctl curl wget nc bash timeout df; do if have $t; then echo "tool $t"; fi; done
}

clock() {
  t=$(date +%s 2>/dev/null)
  case $t in '' | *[!0-9]*) t=$($awk 'BEGIN { srand(); print srand() }') ;; esac
  echo "clock $t"
}

# A file opened: what it is, whether it may be read, its first kilobyte.
open() {
  if [ "$2" = link ] && [ -h "$1" ]; then echo "! link: Too many levels of symbolic links"; return; fi
  look -L "$1"
  if [ -f "$1" ] && [ -r "$1" ]; then
    echo r; dd if="$1" bs=1024 count=1 2>/dev/null
  elif [ -r "$1" ]; then echo r
  else echo -; fi
}

status() { look "${2:--L}" "$1"; }
lstatus() { look '' "$1"; }

# The same again after reading, with the checksum of the first bytes: is it still that file?
again() {
  echo
  echo "$(look -L "$1")@$(if [ "$2" -gt 0 ]; then dd if="$1" bs="$2" count=1 2>/dev/null | cksum; fi)"
}

# path, length of its first bytes, block size, first block, blocks
slice() {
  look -L "$1"
  if [ -f "$1" ]; then dd if="$1" bs="$3" skip="$4" count="$5" 2>/dev/null; fi
  again "$1" "$2"
}

condensed() {
  PSB_NUL=$nul PSB_PROFILE=$profile $awk "$condenser
function begins(i) { $shapes return 0 }"
}

# An expression of the profile as a constant of awk's. Nothing in it can end the constant.
shape() {
  x=${1#+s * * * * * * * }
  n=$((n + 1))
  case $x in */* | *\\*) return ;; esac
  shapes="$shapes if (i == $n) return match(\$0, /$x/);"
}

condense() {
  look -L "$1"
  if [ -f "$1" ]; then
    dd if="$1" bs="$3" skip="$4" count="$5" 2>/dev/null |
      if [ "$nul" ]; then tr '\000' '\001' | condensed; else condensed; fi
  fi
  again "$1" "$2"
}

list() {
  cd "$1" 2>/dev/null || { echo "! $1: No such file or directory"; return; }
  case $how in
    gnu) find . ! -name . -prune -exec stat -c '%d %i %s %Y %f %n' -- {} + 2>/dev/null ;;
    bsd) find . ! -name . -prune -exec stat -f '%d %i %z %m %Xp %N' {} + 2>/dev/null ;;
    *) TZ=UTC0 ls -ain . 2>/dev/null | sed 's/^/L /' ;;
  esac | head -n 41000
  cd / || exit
}

real() {
  readlink -f -- "$1" 2>/dev/null || realpath "$1" 2>/dev/null || echo "$1"
}

# Who we are, and whether each folder on the way to a path, and the path, lets us pass and read.
rights() {
  echo "user $(id -un 2>/dev/null || echo "$LOGNAME")"
  rest=$(real "$1") d=
  rest=${rest#/}
  while :; do
    x=- r=-
    if [ -x "${d:-/}" ]; then x=x; fi
    if [ -r "${d:-/}" ]; then r=r; fi
    echo "$x$r $(ls -ld -- "${d:-/}" 2>/dev/null | head -n 1)"
    if [ ! "$rest" ]; then break; fi
    d=$d/${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
  done
}

find_text() {
  if [ -f "$1" ]; then
    PSB_PROFILE=$2 $awk 'BEGIN { t = ENVIRON["PSB_PROFILE"] }
      index($0, t) { print off + 0; if (++n >= 200) exit } { off += length($0) + 1 }' <"$1"
  fi
}

machine() {
  echo "@stat"; grep -e '^btime' -e '^cpu[0-9]' /proc/stat 2>/dev/null
  echo "@load"; cat /proc/loadavg 2>/dev/null || uptime 2>/dev/null
  echo "@memory"; cat /proc/meminfo 2>/dev/null
  echo "@mounts"; cat /proc/self/mounts 2>/dev/null
  echo "@disks"; if have timeout; then timeout 5 df -P -k -l 2>/dev/null; else df -P -k 2>/dev/null; fi
  echo "@times"; if [ "$self" ]; then cat "/proc/$self/stat"; fi
}

processes() { ps -A -o pid= -o stat= -o comm= -o args= 2>/dev/null || ps -o pid,stat,comm,args 2>/dev/null; }

# Runs a command for a check: at most so many seconds, the end of its output, its exit status.
run() {
  seconds=$1
  shift
  cd / || exit
  { bounded "$@" 2>&1; code=$?; echo; echo "@exit $code"; } | tail -n 100 | tail -c 60000
}

bounded() {
  if have timeout; then
    timeout "$seconds" "$@"
    return
  fi
  "$@" &
  child=$!
  { sleep "$seconds"; kill $child; } >/dev/null 2>&1 &
  watcher=$!
  wait $child
  code=$?
  kill $watcher 2>/dev/null
  return $code
}

answer() {
  printf '\001PSBSH %s\n' "$id"
  if [ "$sums" ]; then
    sum=$({ { "$@" 4>&- | pack; } | tee /dev/fd/4 | cksum; } 4>&3)
  else
    { "$@" | pack; } >&3
    sum=
  fi
  printf '\nPSBSHEND %s %s %s\n' "$id" "$nonce" "$sum"
}

pack() { if [ "$packed" = z ] && [ "$gz" ]; then gzip -1 -c; else cat; fi; }

serve() {
  probe
  sums= self=
  if [ -r /proc/self/stat ]; then read -r self line </proc/self/stat; fi
  if [ "$({ printf x | tee /dev/fd/4 | cksum; } 4>&3 2>/dev/null | cut -c 1-5)" ]; then sums=1; fi 3>/dev/null
  while IFS= read -r line; do
    case $line in "PSBSH "*) ;; *) continue ;; esac
    set -f; set -- $line; set +f
    id=$2 nonce=$3 verb=$4 packed=$5 profile= shapes= n=0
    set --
    while IFS= read -r line; do
      case $line in
        .) break ;;
        =*) set -- "$@" "${line#=}" ;;
        +*)
          profile=$profile${line#+}$nl
          case $line in "+s "*) shape "$line" ;; esac
          ;;
      esac
    done
    case $verb in
      hello | open | status | lstatus | slice | condense | list | real | rights | find_text | \
        machine | \
        processes | run | clock) answer "$verb" "$@" </dev/null ;;
    esac
  done
}
