"""What webhooks keep to, without any network: addresses, pauses, kinds."""

from datetime import timedelta
from typing import get_args

from app.webhooks import rules
from tests.house.source import modules

INSIDE = (
    *("127.0.0.1", "127.8.8.8", ".".join("0000"), "10.1.2.3", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1"),
    *("198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    *("64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::", "fc00::1"),
    *("fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "100::1"),
    *("localhost", ""),
)


def test_an_address_inside_is_not_called() -> None:
    assert [one for one in INSIDE if rules.callable_at(one, ())] == []


def test_a_public_address_is_called() -> None:
    public = ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"]
    assert all(rules.callable_at(one, ()) for one in public)


def test_an_address_inside_is_called_within_the_networks_that_the_operator_allows() -> None:
    allowed = rules.networks_of(["10.20.0.0/16", "fd00:1::/32"])
    assert rules.callable_at("10.20.3.4", allowed)
    assert rules.callable_at("::ffff:10.20.3.4", allowed), "judged as what it is"
    assert rules.callable_at("fd00:1::9", allowed)
    assert not rules.callable_at("10.21.0.1", allowed)
    assert not rules.callable_at("64:ff9b::a14:304", allowed), "translated: not said by its network"


UNFIT = (
    *("http://hooks.example/a", "https://hooks.example:8443/a", "ftp://hooks.example/"),
    *("https://user@hooks.example/", "https://a:b@hooks.example/", "https://hooks.example/#a"),
    *("https:///a", "https://hooks.example:99999/", "https://hooks.example\\@10.0.0.1/"),
    *("https://hooks.example/a b", "https://hooks.example/a\r\nx: y", "https://\uff1127.0.0.1/"),
    *("https://[::1]/", "https://hooks.example/" + "a" * 500, "https://hooks.example?a", ""),
)


def test_an_address_of_another_form_is_refused() -> None:
    assert [url for url in UNFIT if not rules.unfit(url, [443])] == []


def test_an_address_is_taken_on_the_ports_that_the_operator_allows() -> None:
    assert not rules.unfit("https://hooks.example/a?b=c", [443])
    assert not rules.unfit("https://hooks.example:443", [443])
    assert not rules.unfit("https://hooks.example:8443/", [443, 8443])


def test_pauses_double_from_half_a_minute_to_a_day_and_spread_by_a_quarter() -> None:
    assert [rules.pause_after(n, 0.5) for n in (1, 2, 3)] == [
        timedelta(seconds=s) for s in (30, 60, 120)
    ]
    assert rules.pause_after(40, 0.5) == timedelta(days=1)
    assert rules.pause_after(1, 0.0) == timedelta(seconds=22.5)
    assert rules.pause_after(1, 1.0) == timedelta(seconds=37.5)
    whole = sum((rules.pause_after(n, 1.0) for n in range(1, 20)), timedelta())
    assert whole > rules.GIVEN_UP, "a message is tried for three days"


def unrecorded(kinds: tuple[str, ...], code: str) -> list[str]:
    """Return the kinds that no code of the house says."""
    return [kind for kind in kinds if f'"{kind}"' not in code]


def test_every_kind_that_can_be_asked_for_is_one_that_the_house_records() -> None:
    told = modules().items()
    code = "\n".join(text for path, text in told if "/webhooks/" not in path)
    assert unrecorded(get_args(rules.Kind), code) == []
    assert unrecorded(("moved", "eaten"), code) == ["eaten"]


def test_what_is_sent_names_the_event_and_tells_nothing_of_it() -> None:
    said = rules.body_of("msg_1", "request.moved", 7, "https://e/x")
    assert said == b'{"id":"msg_1","type":"request.moved","version":7,"link":"https://e/x"}'
