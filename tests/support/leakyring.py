"""A keyring that fails as badly as one can: it quotes what it was given."""

from keyring.backend import KeyringBackend


class Keyring(KeyringBackend):
    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot keep {password} for {username}")

    def delete_password(self, service: str, username: str) -> None:
        raise RuntimeError(username)
