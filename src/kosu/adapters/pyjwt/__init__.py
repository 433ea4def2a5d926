"""Access tokens by PyJWT."""

from kosu.adapters.pyjwt.access_tokens import JwtAccessTokens

__all__ = ["JwtAccessTokens"]
