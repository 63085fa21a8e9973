"""Java stack traces as a JVM prints them: nested causes, frames in common left out."""

from collections.abc import Sequence
from dataclasses import dataclass

_SPRING = (
    "org.springframework.aop.framework.ReflectiveMethodInvocation.proceed"
    "(ReflectiveMethodInvocation.java:184)",
    "org.springframework.transaction.interceptor.TransactionInterceptor.invoke"
    "(TransactionInterceptor.java:119)",
    "org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:885)",
    "org.apache.catalina.core.ApplicationFilterChain.doFilter(ApplicationFilterChain.java:149)",
    "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1144)",
    "java.base/java.lang.Thread.run(Thread.java:840)",
)


@dataclass(frozen=True, slots=True)
class Thrown:
    """One exception of a chain. `frames`: innermost first, without the leading "at "."""

    kind: str
    message: str
    frames: Sequence[str]


def trace(*chain: Thrown, common: int = 23) -> str:
    """Text of a stack trace, outermost exception first, each line with its newline."""
    lines = []
    for depth, thrown in enumerate(chain):
        said = f"{thrown.kind}: {thrown.message}" if thrown.message else thrown.kind
        lines.append(f"Caused by: {said}" if depth else said)
        lines += [f"\tat {frame}" for frame in thrown.frames]
        if depth:
            lines.append(f"\t... {common + 3 * depth} more")
        else:
            lines += [f"\tat {frame}" for frame in _SPRING]
    return "".join(line + "\n" for line in lines)
