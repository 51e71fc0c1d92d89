"""What is open without a credential: health, figures of the process, documents about the API."""

from app.policy.rule import Rule

ROWS = tuple(
    Rule(operation, scope="none", relation="none")
    for operation in ("alive", "ready", "metrics", "docs", "style", "problem", "openapi")
)
