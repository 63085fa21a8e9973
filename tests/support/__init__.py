"""What several test rooms share: leak checks, a real sshd, catalogues of tests."""
