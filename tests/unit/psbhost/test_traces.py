"""Root exception and first application frame of traces in seven languages."""

import pytest
from psbhost.traces import trace_of

from tests.support.tracegen import LANGUAGES, SHAPES, make

JAVA = """order failed
java.lang.RuntimeException: outer
\tat org.springframework.web.Servlet.service(Servlet.java:1)
\tat com.shop.OrderController.place(OrderController.java:20)
Caused by: com.shop.PaymentException: middle
\tat com.shop.Payment.charge(Payment.java:7)
\t... 30 more
Caused by: java.net.SocketTimeoutException: ERROR read timed out
\tat java.base/java.net.SocketInputStream.read(SocketInputStream.java:61)
\tat org.apache.http.impl.Client.execute(Client.java:2)
\tat com.shop.PaymentClient$$EnhancerBySpringCGLIB$$1a2b.send(<generated>)
\tat com.shop.PaymentClient.send(PaymentClient.java:99)
\t... 40 more
"""
PYTHON = """Task failed
Traceback (most recent call last):
  File "/srv/app/db.py", line 3, in connect
    raise OSError()
OSError: first

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/app/worker.py", line 12, in run
    self.step()
  File "/srv/app/orders.py", line 40, in step
    requests.get(url)
  File "/usr/lib/python3/site-packages/requests/api.py", line 75, in get
    return request()
requests.exceptions.ConnectionError: HTTPConnectionPool refused
"""
NODE = """TypeError: Cannot read properties of undefined (reading 'id')
    at Object.get (/app/node_modules/lib/index.js:3:1)
    at OrderService.place (/app/src/orders.js:10:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
"""
DOTNET = """System.InvalidOperationException: outer
 ---> System.Data.SqlException (0x80131904): deadlock
   at System.Data.SqlClient.Connection.Open()
   at Shop.Orders.Store.Save(Order order) in /src/Store.cs:line 41
   --- End of inner exception stack trace ---
   at Shop.Orders.Controller.Post() in /src/Controller.cs:line 9
"""
GO = """panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
runtime.gopanic({0x1, 0x2})
\t/usr/local/go/src/runtime/panic.go:884 +0x212
main.(*Store).Save(0xc000, 0x5)
\t/src/store.go:12 +0x1b
"""
PHP = """PHP Fatal error:  Uncaught App\\PaymentException: refused in /srv/Pay.php:12
Stack trace:
#0 /srv/vendor/guzzle/Client.php(5): GuzzleHttp\\Client->send()
#1 /srv/src/Pay.php(12): App\\Pay->charge()
#2 {main}
"""
RUBY = """NoMethodError (undefined method `id' for nil):
/gems/rails/lib/base.rb:5:in `process'
app/models/order.rb:12:in `place'
"""


@pytest.mark.parametrize(
    ("text", "exception", "frame"),
    [
        (JAVA, "java.net.SocketTimeoutException", "com.shop.PaymentClient.send"),
        (PYTHON, "OSError", "db.connect"),
        (NODE, "TypeError", "OrderService.place"),
        (DOTNET, "System.Data.SqlException", "Shop.Orders.Store.Save"),
        (GO, "panic", "main.(*Store).Save"),
        (PHP, "App\\PaymentException", "App\\Pay->charge"),
        (RUBY, "NoMethodError", "order.place"),
        ("just words\nand more words", "", ""),
        ("gone: java.io.IOException: disk full", "java.io.IOException", ""),
    ],
    ids=["java", "python", "node", "dotnet", "go", "php", "ruby", "none", "one line"],
)
def test_languages(text, exception, frame):
    assert trace_of(text) == (exception, frame)


def test_line_numbers_do_not_count():
    assert trace_of(JAVA) == trace_of(JAVA.replace(":99)", ":123)"))


def test_an_endless_trace_is_read_to_a_bound():
    text = "java.lang.StackOverflowError\n" + "\tat java.util.X.y(X.java:1)\n" * 50_000
    assert trace_of(text) == ("java.lang.StackOverflowError", "java.util.X.y")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_drawn_traces(language, shape):
    for seed in range(8):
        trace = make(language, shape, seed)
        assert trace_of(trace.text) == (trace.exception, trace.frame), trace.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_windows_line_ends_and_colours_change_nothing(language):
    trace = make(language, "library", 1)
    text = trace.text.replace("\n", "\r\n").replace("  ", "\x1b[31m  \x1b[0m", 1)
    assert trace_of(text) == (trace.exception, trace.frame)


@pytest.mark.parametrize("language", ["java", "python", "node", "dotnet", "go"])
def test_text_around_a_trace_is_no_trace(language):
    trace = make(language, "plain", 2)
    for before, after in (("words of no meaning", ""), ("", "Done in 3 s, see also at home (x)")):
        assert trace_of(f"{before}\n{trace.text}{after}\n") == (trace.exception, trace.frame)


@pytest.mark.parametrize(
    "text",
    [
        "Stack:\n  frame one of unknown()\n  frame two of unknown()\n",
        "boom in stanza 3\n  ^-- called from stanza 2\n",
        "{\n  at: 3\n  by: someone\n}\n",
        "dump follows\n#0 a\n#1 b\n",
    ],
)
def test_an_unknown_language_gives_no_guess(text):
    assert trace_of(text)[0] == ""


def test_what_a_cause_left_out_is_taken_from_the_trace_around_it():
    text = (
        "a.OuterException: x\n\tat com.shop.Wrap.wrap(W.java:1)\n"
        "\tat com.shop.Main.main(M.java:2)\n"
        "Caused by: a.InnerException: y\n\tat java.util.List.get(List.java:3)\n\t... 1 more\n"
    )
    assert trace_of(text) == ("a.InnerException", "com.shop.Main.main")


def test_root_cause_first():
    text = (
        "a.RootException: x\n\tat com.shop.Dao.load(D.java:1)\n"
        "Wrapped by: a.OuterException: y\n\tat com.shop.Web.get(W.java:2)\n"
    )
    assert trace_of(text) == ("a.RootException", "com.shop.Dao.load")


def test_a_circular_reference_and_a_suppressed_cause_are_no_root():
    text = (
        "a.RootException: x\n\tat com.shop.Dao.load(D.java:1)\n"
        "\tSuppressed: a.CloseException: y\n\t\tat com.shop.Dao.close(D.java:2)\n"
        "\tCaused by: a.DiskException: z\n\t\tat com.shop.Disk.sync(D.java:3)\n"
    )
    assert trace_of(text) == ("a.RootException", "com.shop.Dao.load")
    circle = "Caused by: [CIRCULAR REFERENCE: a.RootException: x]\n"
    assert trace_of(text + circle) == ("a.RootException", "com.shop.Dao.load")


def test_a_trace_on_one_line_or_behind_a_margin():
    lines = [
        "failed",
        "a.BadException: x",
        "\tat com.shop.A.b(A.java:1)",
        "\tat com.shop.C.d(C.java:2)",
    ]
    expected = ("a.BadException", "com.shop.A.b")
    assert trace_of("\\n".join(lines).replace("\t", "\\t")) == expected
    assert trace_of("\n".join(["failed", *(f"web-1  | {line}" for line in lines)])) == expected
    assert trace_of("\n".join(line.replace("\t", "#011") for line in lines)) == expected


def test_a_chain_of_the_database():
    text = (
        'ORA-20001: order refused\nORA-06512: at "SHOP.ORDERS", line 12\n'
        'ORA-06512: at "SHOP.API", line 3\nORA-00001: unique constraint violated\n'
    )
    assert trace_of(text) == ("ORA-00001", "SHOP.ORDERS")


def test_hostile_lines_are_read_in_bounded_steps():
    for text in (
        ":a" * 30_000,
        "a." * 30_000 + "\n\tat x",
        "\tat " + "(" * 60_000,
        "#0 " + "a" * 60_000,
    ):
        assert len(trace_of(f"x\n{text}\n" * 2)) == 2
