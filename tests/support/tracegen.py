"""Stack traces of many languages, drawn from a seed: text, root exception, application frame.

Each language has five shapes: plain, below library code, with a cause, within generated code
(or what is nearest to it), behind a message of several lines.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

SHAPES = ("plain", "library", "cause", "generated", "wordy")
_SYLLABLES = "bar cor del fen gal hub jor kel lum mav nor pex quil rov sal tun vex wol yar zim"


@dataclass(frozen=True, slots=True)
class Trace:
    text: str
    exception: str
    frame: str


class Names:
    """Invented names, alike in no two seeds."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)

    def word(self) -> str:
        return "".join(self._rng.choices(_SYLLABLES.split(), k=2))

    def kind(self) -> str:
        return self.word().capitalize()

    def error(self) -> str:
        return self.kind() + self._rng.choice(("Exception", "Error"))

    def line(self) -> int:
        return self._rng.randrange(1, 900)

    def words(self, lines: int = 1) -> str:
        text = "\n".join(" ".join(self.word() for _ in range(4)) for _ in range(lines))
        return text + f" {self.line()}"


def make(language: str, shape: str, seed: int) -> Trace:
    """The trace of a language in a shape; the same for the same seed."""
    return LANGUAGES[language](Names(seed), shape)


def _jvm(names: Names, shape: str, suffix: str, library: tuple[str, ...], wrap: str) -> Trace:
    app = f"{names.word()}.{names.word()}"
    own = f"{app}.{names.kind()}.{names.word()}"
    error = f"{app}.{names.error()}"

    def at(name: str, tail: str = "") -> str:
        return f"\tat {name}({names.kind()}.{suffix}:{names.line()}){tail}\n"

    caller = at(f"{app}.{names.kind()}.{names.word()}")
    inside = "".join(at(name) for name in library)
    head = f"{error}: {names.words()}\n"
    if shape == "plain":
        return Trace(head + at(own) + caller + inside, error, own)
    if shape == "library":
        return Trace(head + inside + at(own, " ~[app.jar:1.2]") + caller, error, own)
    if shape == "cause":
        text = f"{app}.{names.error()}: {names.words()}\n{inside}{caller}"
        text += f"\tSuppressed: {app}.{names.error()}: {names.words()}\n\t{at(own + 'x')}"
        text += f"Caused by: {app}.{names.error()}: mid\n{caller}\t... 4 more\n"
        return Trace(
            text + f"Caused by: {head}{inside}{at(own)}\t... 12 common frames omitted\n",
            error,
            own,
        )
    if shape == "generated":
        return Trace(head + at(wrap.format(own=own)) + inside + at(own) + caller, error, own)
    return Trace(
        f"{names.words()}\n{error}: {names.words(3)}\n{inside}{at(own)}{caller}", error, own
    )


def java(names: Names, shape: str) -> Trace:
    library = ("java.base/java.util.ArrayList.get", "org.springframework.web.Servlet.service")
    return _jvm(names, shape, "java", library, "{own}$$Lambda$12/0x0000.run")


def kotlin(names: Names, shape: str) -> Trace:
    library = ("kotlin.collections.CollectionsKt.first", "kotlinx.coroutines.DispatchedTask.run")
    return _jvm(names, shape, "kt", library, "{own}$1.invokeSuspend")


def scala(names: Names, shape: str) -> Trace:
    library = ("scala.collection.immutable.List.map", "akka.actor.ActorCell.invoke")
    return _jvm(names, shape, "scala", library, "{own}$.$anonfun$x$1")


def python(names: Names, shape: str) -> Trace:
    module, function = names.word(), names.word()
    error, own = f"{names.word()}.{names.error()}", f"{module}.{function}"

    def frame(path: str, name: str) -> str:
        return f'  File "{path}", line {names.line()}, in {name}\n    {names.word()}()\n'

    begin = "Traceback (most recent call last):\n" + frame("/srv/app/main.py", "<module>")
    here = frame(f"/srv/app/{module}.py", function)
    library = frame("/usr/lib/python3.11/json/decoder.py", "decode")
    plain = f"{begin}{here}{error}: {names.words()}\n"
    if shape == "plain":
        return Trace(f"{names.words()}\n{plain}", error, own)
    if shape == "library":
        marked = begin + here + "    ~~~~^^^\n" + library + f"{error}: {names.words()}\n"
        return Trace(marked, error, own)
    if shape == "cause":
        link = "The above exception was the direct cause of the following exception"
        other = frame("/srv/app/other.py", names.word())
        return Trace(f"{plain}\n{link}:\n\n{begin}{other}{names.error()}: x\n", error, own)
    if shape == "generated":
        inner = "".join(f"    | {line}\n" for line in plain.splitlines())
        group = f"  + Exception Group {begin.splitlines()[0]}\n"
        group += '  |   File "/srv/app/g.py", line 3, in gather\n  |     run()\n'
        group += f"  | ExceptionGroup: {names.words()} (2 sub-exceptions)\n"
        tail = "    +---------------- 2 ----------------\n    | TypeError: 2\n    +" + "-" * 36
        return Trace(
            f"{group}  +-+---------------- 1 ----------------\n{inner}{tail}\n", error, own
        )
    return Trace(f"{names.words(3)}\n{begin}{here}{library}{error}: {names.words(3)}\n", error, own)


def node(names: Names, shape: str) -> Trace:
    error, own = names.error(), f"{names.kind()}.{names.word()}"

    def at(name: str, path: str) -> str:
        return f"    at {name} ({path}:{names.line()}:7)\n"

    here = at(own, "/app/src/orders.js")
    library = at("Layer.handle [as handle_request]", "/app/node_modules/express/lib/layer.js")
    tail = "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)\n"
    head = f"{error}: {names.words()}\n"
    if shape == "plain":
        return Trace(head + here + tail, error, own)
    if shape == "library":
        props = "    at processImmediate (node:internal/timers:466:21) {\n  code: 'E42'\n}\n"
        return Trace(head + library + here + props, error, own)
    if shape == "cause":
        outer = f"{names.error()}: {names.words()}\n" + at(own + "x", "/app/src/web.js")
        inner = "".join(f"    {line}\n" for line in (library + here).splitlines())
        return Trace(f"{outer[:-1]} {{\n  [cause]: {head}{inner}}}\n", error, own)
    if shape == "generated":
        steps = "    at Array.map (<anonymous>)\n    at /app/src/orders.js:3:1\n"
        steps += "    at async Promise.all (index 0)\n"
        return Trace(head + steps + here.replace("at ", "at async ", 1) + tail, error, own)
    source = "/app/src/orders.js:10\n    throw new X();\n    ^\n\n"
    return Trace(
        f"{source}{error}: {names.words(3)}\n{library}{here}\nNode.js v18.1.0\n", error, own
    )


def dotnet(names: Names, shape: str) -> Trace:
    space = f"{names.kind()}.{names.kind()}"
    error, own = f"{space}.{names.error()}", f"{space}.{names.kind()}.{names.word().capitalize()}"

    def at(name: str) -> str:
        return f"   at {name}(Int32 id) in /src/{names.kind()}.cs:line {names.line()}\n"

    library = (
        "   at System.Data.Common.Open(String s)\n   at Microsoft.EntityFrameworkCore.Query.Go()\n"
    )
    head = f"{error}: {names.words()}\n"
    if shape == "plain":
        return Trace(head + at(own) + at(own + "Caller"), error, own)
    if shape == "library":
        mark = "--- End of stack trace from previous location ---\n"
        return Trace("Unhandled exception. " + head + library + mark + at(own), error, own)
    if shape == "cause":
        outer = f"{space}.{names.error()}: {names.words()}\n"
        end = "   --- End of inner exception stack trace ---\n"
        return Trace(f"{outer} ---> {head}{library}{at(own)}{end}{at(own + 'X')}", error, own)
    if shape == "generated":
        closure = at(f"{own}.<>c__DisplayClass1_0.<Run>b__0")
        kind, method = own.rsplit(".", 1)
        return Trace(head + closure + library + at(f"{kind}.<{method}>d__4.MoveNext"), error, own)
    return Trace(f"{names.words()}\n{error}: {names.words(2)}\n{library}{at(own)}", error, own)


def go(names: Names, shape: str) -> Trace:
    own = f"main.(*{names.kind()}).{names.word()}"

    def at(name: str, path: str) -> str:
        return f"{name}(0xc000010000, 0x{names.line():x})\n\t{path}:{names.line()} +0x1d\n"

    begin = "goroutine 1 [running]:\n" + at("runtime.gopanic", "/usr/local/go/src/runtime/panic.go")
    here, main = at(own, "/src/store.go"), at("main.main", "/src/main.go")
    library = at("github.com/lib/pq.(*conn).Query", "/go/pkg/mod/github.com/lib/pq@v1/conn.go")
    head = f"panic: {names.words()}\n\n"
    rest = f"\ngoroutine 5 [select]:\n{at('main.(*Other).loop', '/src/other.go')}"
    if shape == "plain":
        return Trace(head + begin + here + main + "exit status 2\n", "panic", own)
    if shape == "library":
        return Trace(head + begin + library + here + main + rest, "panic", own)
    if shape == "cause":
        again = f"panic: {names.words()} [recovered]\n\tpanic: {names.words()}\n\n"
        return Trace(again + begin + library + here + main, "panic", own)
    if shape == "generated":
        closure = at(own + ".func1.2", "/src/store.go")
        made = "created by net/http.(*Server).Serve in goroutine 1\n"
        made += "\t/usr/local/go/src/net/http/s.go:3\n"
        return Trace(head + begin + library + closure + made, "panic", own)
    text = f"panic: {names.words(2)}\n[signal SIGSEGV: segmentation violation code=0x1]\n\n"
    return Trace(f"{names.words()}\n{text}{begin}{here}{main}{rest}", "panic", own)


def php(names: Names, shape: str) -> Trace:
    space = f"{names.kind()}\\{names.kind()}"
    error, own = f"{space}\\{names.error()}", f"{space}\\{names.kind()}->{names.word()}"

    def frame(number: int, path: str, name: str) -> str:
        return f"#{number} {path}({names.line()}): {name}('x', 3)\n"

    def stack(*frames: tuple[str, str]) -> str:
        lines = [frame(at, path, name) for at, (path, name) in enumerate(frames)]
        return f"Stack trace:\n{''.join(lines)}#{len(frames)} {{main}}\n"

    here, mine = ("/srv/app/src/a.php", own), "/srv/app/src/b.php"
    vendor = ("/srv/app/vendor/guzzle/Client.php", "GuzzleHttp\\Client->send")
    head = f"PHP Fatal error:  Uncaught {error}: {names.words()} in {mine}:{names.line()}\n"
    tail = f"  thrown in {mine} on line {names.line()}\n"
    if shape == "plain":
        return Trace(head + stack(here) + tail, error, own)
    if shape == "library":
        return Trace(head + stack((mine, "PDO->query"), vendor, here) + tail, error, own)
    if shape == "cause":
        outer = f"\nNext {space}\\{names.error()}: {names.words()} in {mine}:3\n"
        return Trace(head + stack(vendor, here) + outer + stack((mine, own + "x")), error, own)
    if shape == "generated":
        closure = (mine, f"{space}\\{names.kind()}->{space}\\{{closure}}")
        return Trace(head + stack(closure, ("[internal function]", "array_map"), here), error, own)
    wordy = f"PHP Fatal error:  Uncaught {error}: {names.words(3)} in {mine}:4\n"
    return Trace(f"{names.words()}\n{wordy}{stack(here)}{tail}", error, own)


def ruby(names: Names, shape: str) -> Trace:
    module, method = names.word(), names.word()
    error, own = f"{names.kind()}::{names.error()}", f"{module}.{method}"

    def frame(path: str, name: str, before: str = "\tfrom ") -> str:
        return f"{before}{path}:{names.line()}:in `{name}'\n"

    mine, gem = f"/srv/app/models/{module}.rb", "/usr/lib/ruby/gems/3.1.0/gems/pg-1.4/lib/pg.rb"
    first = frame(mine, method, "")[:-1] + f": {names.words()} ({error})\n"
    caller = frame("/srv/app/main.rb", "<main>")
    if shape == "plain":
        return Trace(first + caller, error, own)
    if shape == "library":
        inner = frame(gem, "exec", "")[:-1] + f": {names.words()} ({error})\n"
        return Trace(inner + frame(gem, "query") + frame(mine, method) + caller, error, own)
    if shape == "cause":
        outer = frame(mine, "outer", "")[:-1] + f": {names.words()} ({names.error()})\n"
        return Trace(outer + caller + first + caller, error, own)
    if shape == "generated":
        rails = f"{error} ({names.words()}):\n  \n" + frame(gem, "each", "")
        return Trace(rails + frame(mine, f"block (2 levels) in {method}", ""), error, own)
    head = f"{names.words(2)}\n{error}: {names.words()}\n"
    return Trace(head + frame(gem, "x", "") + frame(mine, method, ""), error, own)


def rust(names: Names, shape: str) -> Trace:
    own = f"{names.word()}::{names.word()}::{names.word()}"

    def frame(number: int, name: str, path: str) -> str:
        return f"  {number:2}: {name}\n             at {path}:{names.line()}:9\n"

    std = frame(0, "rust_begin_unwind", "/rustc/90c5/library/std/src/panicking.rs")
    std += frame(1, "core::panicking::panic_fmt", "/rustc/90c5/library/core/src/panicking.rs")
    here, main = (
        frame(2, own, "./src/a.rs"),
        frame(3, f"{own.partition('::')[0]}::main", "./src/main.rs"),
    )
    head = (
        f"thread 'main' panicked at src/a.rs:{names.line()}:5:\n{names.words()}\nstack backtrace:\n"
    )
    crate = frame(2, "tokio::runtime::park::block", "/root/.cargo/registry/src/tokio-1/park.rs")
    if shape == "plain":
        return Trace(head + std + here + main, "panic", own)
    if shape == "library":
        return Trace(head + std + crate + here + main + "note: run with `X`\n", "panic", own)
    if shape == "cause":
        path = f"src/{names.word()}.rs"
        text = f"thread 'main' panicked at '{names.words()}', {path}:3:1\n"
        return Trace(
            text + "note: run with `RUST_BACKTRACE=1` environment variable\n", "panic", path
        )
    if shape == "generated":
        return Trace(
            head + std + frame(2, own + "::{{closure}}", "./src/a.rs") + main, "panic", own
        )
    return Trace(f"{names.words()}\n{head}{std}{here}", "panic", own)


def cpp(names: Names, shape: str) -> Trace:
    own = f"{names.kind()}::{names.word()}"

    def gdb(number: int, name: str) -> str:
        place = f"{names.word()}.cpp:12"
        return f"#{number}  0x00000000004{names.line():03x} in {name} (this=0x0) at {place}\n"

    abort = "#0  __GI_raise (sig=sig@entry=6) at ../sysdeps/unix/sysv/linux/raise.c:50\n"
    if shape == "plain":
        head = "Program received signal SIGSEGV, Segmentation fault.\n"
        return Trace(head + gdb(0, own) + gdb(1, "main"), "SIGSEGV", own)
    if shape == "library":
        head = "Program terminated with signal SIGABRT, Aborted.\n"
        return Trace(head + abort + gdb(1, "std::__throw_x") + gdb(2, own), "SIGABRT", own)
    if shape == "cause":
        error = f"{names.word()}::{names.error()}"
        text = f"terminate called after throwing an instance of '{error}'\n  what():  x\n"
        return Trace(text + abort + gdb(1, "__cxa_throw") + gdb(2, own), error, own)
    if shape == "generated":
        text = "=" * 65 + "\n==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x602\n"
        text += f"READ of size 4 at 0x6020 thread T0\n    #0 0x4a1 in {own}(int) /src/a.cpp:12:3\n"
        return Trace(text + "    #1 0x4a2 in main /src/main.cpp:3\n", "heap-use-after-free", own)
    kind, method = own.split("::")
    text = f"{names.words()}\n*** Error in `./app': double free or corruption (out): 0x0123 ***\n"
    text += "======= Backtrace: =========\n/lib/x86_64/libc.so.6(+0x777e5)[0x7f72]\n"
    text += f"./app(_ZN{len(kind)}{kind}{len(method)}{method}Ev+0x1a)[0x400b]\n"
    return Trace(text, "double free or corruption", own)


def elixir(names: Names, shape: str) -> Trace:
    own = f"{names.kind()}.{names.kind()}.{names.word()}/2"
    error = f"{names.kind()}.{names.error()}"

    def frame(app: str, name: str) -> str:
        return f"    ({app} 0.1.0) lib/{names.word()}.ex:{names.line()}: {name}\n"

    head = f"** ({error}) {names.words()}\n"
    library = frame("ecto", "Ecto.Repo.Queryable.one!/3") + frame("stdlib", ":gen_server.call/3")
    closure = frame("shop", f"anonymous fn/1 in {own}")
    exit_ = "** (EXIT from #PID<0.1.0>) an exception was raised:\n    "
    texts = {
        "plain": head + frame("shop", own),
        "library": head + library + frame("shop", own),
        "cause": exit_ + head + frame("shop", own),
        "generated": head + closure + library + frame("shop", own),
        "wordy": f"GenServer #PID<0.1.0> terminating\n{head}  more words\n{frame('shop', own)}",
    }
    return Trace(texts[shape], error, own)


def perl(names: Names, shape: str) -> Trace:
    own = f"{names.kind()}::{names.kind()}::{names.word()}"

    def frame(name: str) -> str:
        return f"\t{name}('a', 3) called at /srv/app/{names.word()}.pl line {names.line()}\n"

    error = f"{names.kind()}::{names.error()}" if shape == "cause" else "die"
    what = f"{error}: {names.words()}" if shape == "cause" else names.words()
    lines = names.words(2) + "\n" if shape == "wordy" else ""
    library = frame("DBI::st::execute") if shape in ("library", "generated") else ""
    closure = frame("Try::Tiny::__ANON__") if shape == "generated" else ""
    text = f"{what if error != 'die' else lines + what} at /srv/app/a.pl line 12.\n"
    return Trace(text + library + closure + frame(own) + frame("main::run"), error, own)


def lua(names: Names, shape: str) -> Trace:
    module, function = names.word(), names.word()
    calls = {"plain": "function", "cause": "upvalue", "generated": "local", "wordy": "method"}
    head = f"lua: /srv/{module}.lua:{names.line()}: {names.words(2 if shape == 'wordy' else 1)}\n"
    library = "\t[C]: in function 'error'\n" if shape == "library" else ""
    library += (
        "\t/usr/share/lualib/resty/http.lua:3: in function 'get'\n" if shape == "cause" else ""
    )
    kind = calls.get(shape, "function")
    here = f"\t/srv/{module}.lua:{names.line()}: in {kind} '{function}'\n"
    text = f"{head}stack traceback:\n{library}{here}\t[C]: in ?\n"
    return Trace(text, "lua error", f"{module}.{function}")


def objective_c(names: Names, shape: str) -> Trace:
    error, own = f"NS{names.error()}", f"-[{names.kind()} {names.word()}:]"
    system = f"\t0   CoreFoundation   0x0000000104{names.line():03x} __exceptionPreprocess + 165\n"
    system *= 3 if shape in ("library", "generated") else 1
    words = names.words(2 if shape == "wordy" else 1)
    text = f"*** Terminating app due to uncaught exception '{error}', reason: '{words}'\n"
    text += f"*** First throw call stack:\n(\n{system}"
    text += f"\t7   {names.kind()}   0x000000010{names.line():04x} {own} + 132\n)\n"
    return Trace(text, error, own)


LANGUAGES: dict[str, Callable[[Names, str], Trace]] = {
    "java": java, "kotlin": kotlin, "scala": scala, "python": python, "node": node,
    "dotnet": dotnet, "go": go, "php": php, "ruby": ruby, "rust": rust, "c++": cpp,
    "elixir": elixir, "perl": perl, "lua": lua, "objective-c": objective_c,
}  # fmt: skip
