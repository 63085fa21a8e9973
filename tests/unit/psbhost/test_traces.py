"""Root exception and first application frame of traces in seven languages."""

import pytest
from psbhost.traces import trace_of

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
        (PYTHON, "requests.exceptions.ConnectionError", "orders.step"),
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
