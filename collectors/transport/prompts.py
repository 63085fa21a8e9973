"""What a server's prompt asks for: a password, which may be held; a code, which never is; or a new
password, which we neither know nor make up."""

import re

_PASSWORD = re.compile(r"passw|kennwort|contrase|mot de passe|parola|senha|пароль", re.I)
_NEW = re.compile(
    r"expired|must be changed|(required|have|need) to change|chang(e|ing) (your |the )?passw"
    r"|\b(new|current|old|retype)\b",
    re.I,
)
_ONE_TIME = re.compile(r"one.?time|otp|code|token|verif|factor|duo|new|again|retype|old", re.I)


def is_lone_password(text: str) -> bool:
    """`text`: the only prompt, with whatever the server says above it."""
    return bool(_PASSWORD.search(text)) and not _ONE_TIME.search(text) and not _NEW.search(text)


def is_about_a_new_one(text: str) -> bool:
    """`text`: what follows upon a password that was right, with what the server says above it."""
    return bool(_PASSWORD.search(text)) and bool(_NEW.search(text))
