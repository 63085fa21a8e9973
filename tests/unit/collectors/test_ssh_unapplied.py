"""What a configuration asks for and the library does not do is told, and nothing else."""

from pathlib import Path

import pytest

from collectors.ssh_config import SshConfig

USUAL = """\
Host *
  HashKnownHosts yes
  SendEnv LANG LC_*
  GSSAPIAuthentication yes
  ControlMaster auto
  ControlPath ~/.ssh/%C
  ForwardAgent yes
  ServerAliveInterval 20
  ConnectTimeout 4
  LocalForward 9000 db:9000
"""


def told(tmp_path: Path, text: str) -> tuple[str, ...]:
    file = tmp_path / "config"
    file.write_text(text)
    return SshConfig(file).route("web").unapplied


def test_an_empty_configuration_leaves_nothing_out(tmp_path: Path) -> None:
    assert told(tmp_path, "") == ()


def test_what_means_nothing_to_a_program_or_is_done_is_not_told(tmp_path: Path) -> None:
    assert told(tmp_path, USUAL) == ()


def test_what_is_left_out_is_told_with_its_value(tmp_path: Path) -> None:
    text = "Host web\n  Compression yes\n  Ciphers aes256-ctr\n  BindAddress 10.0.0.1\n"
    assert told(tmp_path, text) == ("BindAddress 10.0.0.1", "Ciphers aes256-ctr", "Compression yes")


def test_values_of_variables_are_not_told(tmp_path: Path) -> None:
    assert told(tmp_path, "Host web\n  SetEnv TOKEN=hush\n") == ("SetEnv TOKEN",)


def test_without_an_ssh_program_the_same_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert told(tmp_path, USUAL + "  Compression yes\n") == ("Compression yes",)
