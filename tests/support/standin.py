"""A tiny host program that misbehaves on request: what a session must survive.

Speaks the frames of docs/protocol.md by code of its own, not the product's.
"""

from collectors.program import Program, bundle

_MAIN = r"""
import hashlib, json, os, signal, sys

PROGRAM = ""
OUT = sys.stdout.buffer


def frame(number, payload):
    body = json.dumps(payload).encode()
    head = "\x01PSB1 %d j %d %s\n" % (number, len(body), hashlib.sha256(body).hexdigest())
    return head.encode() + body + b"\nPSB1END %d\n" % number


def send(data):
    OUT.write(data)
    OUT.flush()


def answer(number, request):
    op = request["op"]
    reply = {"op": op, "nonce": request["nonce"], "program": PROGRAM, "pid": os.getpid()}
    reply["echo"] = request.get("echo")
    if op == "flood":
        for _ in range(96):
            sys.stderr.write("x" * 65536)
        reply["echo"] = "y" * (3 << 20)
    elif op == "cut":
        send(frame(number, reply)[:-20])
        os._exit(0)
    elif op == "die":
        os._exit(9)
    elif op == "hang":
        signal.pause()
    elif op == "damaged":
        send(frame(number, reply).replace(b"nonce", b"nonse"))
        return
    elif op == "visit" and request.get("foreign"):
        reply["nonce"] = "other"
    elif op == "other program":
        reply["program"] = "0" * 64
    elif op == "stale":
        send(frame(number - 1, {"op": "stale", "echo": "an older reply"}))
    send(frame(number, reply))
    if op == "leave":
        os._exit(0)


def serve(program):
    global PROGRAM
    PROGRAM = program
    send(frame(0, {"op": "hello", "program": PROGRAM, "python": PYTHON}))
    while True:
        head = sys.stdin.buffer.readline().split()
        if not head:
            return
        body = sys.stdin.buffer.read(int(head[3]))
        sys.stdin.buffer.readline(), sys.stdin.buffer.readline()
        if head[2] == b"z":
            import zlib
            body = zlib.decompress(body)
        answer(int(head[1]), json.loads(body))
"""


def program(python: str = "3.11.2") -> Program:
    """The stand-in, bundled as the real one is. `python`: the version it claims."""
    return bundle({"": "", "start": f"{_MAIN}\nPYTHON = {python!a}\n"})
