"""What is open without a credential: health, documents about the API, what is published."""

from app.policy.rule import Rule

ROWS = tuple(
    Rule(operation, scope="none", relation="none")
    for operation in (
        *("alive", "ready", "metrics", "docs", "style", "problem", "openapi"),
        # totals without small numbers, and what countries consent to publish
        *("read_public_figures", "list_published"),
    )
)
