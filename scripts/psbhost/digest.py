"""sha256 from Python itself: to load OpenSSL for it costs a host more than all that we hash."""

try:
    from _sha256 import sha256
except ImportError:
    try:
        from _sha2 import sha256  # Python 3.12 and newer
    except ImportError:
        from hashlib import sha256

__all__ = ["sha256"]
