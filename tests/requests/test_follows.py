"""A request that follows another names it to those alone who may know of that one."""

from tests.factories.clients import Clients
from tests.requests.test_visibility import FILING, filed


def test_a_followed_request_is_named_to_whom_it_is_visible(clients: Clients) -> None:
    kenya = clients.as_("resident_coordinator", country="KEN")
    uganda = clients.as_("resident_coordinator", country="UGA")
    first = filed(kenya)
    both = FILING | {"countries": ["KEN", "UGA"], "follows": first}
    second = f"/requests/{kenya.post('/requests', both).ok().body['reference']}"
    assert kenya.get(second).ok().body["follows"] == first
    assert uganda.get(f"/requests/{first}").status == 404
    assert uganda.get(second).ok().body["follows"] is None
