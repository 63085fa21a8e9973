from psbuddy.demo.traces import Thrown, trace


def test_a_trace_reads_as_a_jvm_prints_it() -> None:
    text = trace(
        Thrown("a.Outer", "said", ("a.B.c(B.java:1)",)),
        Thrown("a.Middle", "", ("a.D.e(D.java:2)",)),
        Thrown("a.Root", "why", ("a.F.g(F.java:3)",)),
        common=5,
    )
    lines = text.splitlines()
    assert lines[:2] == ["a.Outer: said", "\tat a.B.c(B.java:1)"]
    assert "Caused by: a.Middle" in lines
    assert lines[-3:] == ["Caused by: a.Root: why", "\tat a.F.g(F.java:3)", "\t... 11 more"]
    assert text.endswith("\n")
    assert lines.count("\tat java.base/java.lang.Thread.run(Thread.java:840)") == 1
