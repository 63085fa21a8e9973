"""Whether a server's prompt asks for a password, which may be held, or a code, which never is."""

import re

_PASSWORD = re.compile(r"passw|kennwort|contrase|mot de passe|parola|senha|пароль", re.I)
_ONE_TIME = re.compile(r"one.?time|otp|code|token|verif|factor|duo|new|again|retype|old", re.I)


def is_lone_password(text: str) -> bool:
    """`text`: the only prompt, with whatever the server says above it."""
    return bool(_PASSWORD.search(text)) and not _ONE_TIME.search(text)
