"""The bundle: what is sent is what is hashed, and it runs under the flags of the hosts."""

import hashlib
import subprocess
import sys

from collectors.program import COMMAND, bundle, host_program


def test_the_program_knows_its_own_hash() -> None:
    tricky = 'PROGRAM = ""\nfrom psbhost import other\ndef serve(): print(PROGRAM, other.TEXT)\n'
    program = bundle({"": "", "main": tricky, "other": "TEXT = '''\"@ % {} ü \\\\n'''\n"})
    assert program.sha256 == hashlib.sha256(program.bundle).hexdigest()
    answer = subprocess.run(
        ["/bin/sh", "-c", COMMAND], input=program.opening, capture_output=True, check=True
    )
    assert answer.stdout.decode().startswith(program.sha256)
    assert "ü" in answer.stdout.decode()
    assert answer.stderr == b""


def test_a_failing_module_names_itself_in_its_trace() -> None:
    program = bundle({"": "", "main": "def serve():\n    raise ValueError(1)\n"})
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-"], input=program.bundle, capture_output=True, check=False
    )
    assert b'File "psbhost.main", line 2' in answer.stderr


def test_the_real_program_is_bundled_whole_and_stable() -> None:
    assert b"psbhost.main" in host_program().bundle
    assert host_program().sha256 == hashlib.sha256(host_program().bundle).hexdigest()
    assert host_program().bundle.isascii()
