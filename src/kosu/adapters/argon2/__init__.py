"""Password hashing by argon2-cffi."""

from kosu.adapters.argon2.password_hasher import Argon2PasswordHasher

__all__ = ["Argon2PasswordHasher"]
