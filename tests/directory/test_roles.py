"""The roles that can be granted are the roles that exist."""

from typing import get_args

from app.directory.actor import COUNTRY_ROLES, ENTITY_ROLES, GLOBAL_ROLES, ROLES
from app.directory.schemas import EVERY_SCOPE, Role, TokenScope
from app.policy.rule import SCOPES


def test_the_roles_of_the_interface_are_the_roles_of_the_house() -> None:
    assert set(get_args(Role)) == set(ROLES)
    assert set(ROLES) >= COUNTRY_ROLES | ENTITY_ROLES | GLOBAL_ROLES


def test_the_scopes_of_the_interface_are_the_scopes_of_the_policy() -> None:
    assert get_args(TokenScope) == EVERY_SCOPE == tuple(SCOPES)
