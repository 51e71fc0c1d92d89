"""Figures under the second net: the database shows each reader what the condition counts."""

from tests.factories.clients import Clients
from tests.reports.ground import lay
from tests.reports.test_figures import check


def test_figures_are_the_same_where_the_database_holds_the_service_to_its_sight(
    clients: Clients,
) -> None:
    lay(clients)
    check(clients.house, "desk", "screening", "program of Fiji", "two countries", "unodc in Uganda")
