"""The policy table whole: every operation by name, and whether it agrees with the rest."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from app.policy.rows import (
    assessment,
    commands,
    confidence,
    delivery,
    directory,
    duties,
    house,
    matching,
    pages,
    public,
    requests,
    retention,
    screening,
    signing_in,
    webhooks,
)
from app.policy.rule import KINDS, Rule

PAGES = (
    *(public, requests, assessment, screening, matching, delivery, directory, duties),
    *(house, confidence, signing_in, pages, retention, webhooks),
)
"""The pages of the table, one a room; a new room adds its own."""


def gathered(rows: Iterable[Rule]) -> dict[str, Rule]:
    """Return rows by operation. Raises ValueError when two name the same one."""
    table: dict[str, Rule] = {}
    for rule in rows:
        if rule.operation in table:
            raise ValueError(f"two rows for {rule.operation}")
        table[rule.operation] = rule
    return table


_WRITTEN = gathered(chain.from_iterable(page.ROWS for page in PAGES))
RULES = gathered(chain(_WRITTEN.values(), pages.twins(_WRITTEN)))
"""Every operation that has a route; a page takes what the operation takes that it shows or does."""

COMMANDS = gathered(commands.ROWS)
"""What is done without a route, by the command line or within the house."""


def disagreements(
    operations: Collection[str], roles: Collection[str], acts: Collection[str]
) -> Iterator[str]:
    """Yield every way in which the table and the house differ.

    `operations` are the names of all endpoints (twice, when two bear one name), `roles` and `acts`
    those of the vocabulary. A route without a row would be open to nobody's judgement; a row
    without a route is a right that nobody looks after.
    """
    named = list(operations)
    yield from (f"two routes are called {name}" for name in _twice(named))
    yield from (f"no row for the route {name}" for name in sorted(set(named) - set(RULES)))
    yield from (f"no route for the row {name}" for name in sorted(set(RULES) - set(named)))
    used = {act for rule in RULES.values() for act in rule.acts}
    yield from (f"no act {act} in the vocabulary" for act in sorted(used - set(acts)))
    yield from (f"no row uses the act {act}" for act in sorted(set(acts) - used))
    for rule in chain(RULES.values(), COMMANDS.values()):
        strange = {*rule.roles, *rule.beyond} - set(roles)
        yield from (f"{rule.operation}: no role {role}" for role in sorted(strange))
        if rule.roles and (rule.acts or rule.moves):
            yield f"{rule.operation}: its roles stand in the definition alone"


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def described(rule: Rule, roles_of: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """Return a row as the API's description tells it; `roles_of` are the roles of every act."""
    told: dict[str, Any] = {
        "scope": rule.scope,
        "relation": rule.relation,
        "assurance": rule.assurance,
        "reads": list(KINDS[: KINDS.index(rule.reads) + 1]),
    }
    if rule.scope != "read":
        told["writes"] = list(KINDS[: KINDS.index(rule.writes) + 1])
    if rule.roles:
        told["roles"] = list(rule.roles)
    if rule.beyond:
        told["beyond"] = list(rule.beyond)
    if rule.acts:
        told["acts"] = {act: sorted(roles_of.get(act, ())) for act in rule.acts}
    if rule.moves:
        told["moves"] = True
    if rule.within:
        told["within"] = True
    if rule.second:
        told["second"] = rule.second
    return told
