"""The master problem, solved by HiGHS: the best choice of one column a piece within the limits.

HiGHS is a library that an installation may leave out, and takes memory: it is imported when it is
used, in the program of its own in which a plan is made (`app.matching.portfolio.__main__`). It runs
in one thread, from one seed, and ends by counts and not by the clock: the same every time.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from app.matching.portfolio.pieces import Column
from app.matching.portfolio.places import Places, Prices
from app.matching.portfolio.relaxation import Relaxed

SOLVER = "highspy"
MOST_NODES = 400
MOST_STALLED = 100
PRICINGS = 40
NEAREST = 20_000
"""How many columns may be looked at to close what is left of the gap for good."""
HALF = 0.5
EXACT = 1e-6


class UnsolvedError(RuntimeError):
    """HiGHS has failed: what it says of a solution means nothing."""


Pool = Sequence[Collection[Column]]


class Table(NamedTuple):
    """Columns as HiGHS takes them: whose each is, and where its ones stand among the rows.

    There is a row for each piece, which is given away once, and one for each place.
    """

    columns: list[tuple[int, Column]]
    starts: list[int]
    rows: list[int]
    values: list[float]


def present() -> bool:
    """Whether HiGHS is installed."""
    return find_spec(SOLVER) is not None


def finish(found: Relaxed) -> None:
    """Bring a relaxation to the prices of the linear problem, and to the best plan of its columns.

    Where the gap stays open and few enough columns could close it, all of these are looked at:
    then the plan is the best there is, and the bound says so.
    """
    for _ in range(PRICINGS):
        if found.closed or not _price(found):
            break
    if not found.closed:
        _choose(found, found.pool)
    nearest = [] if found.closed else _nearest(found)
    if nearest:
        bound = _choose(found, nearest)
        found.bound = max(found.bound, min(bound, found.cost))


def _price(found: Relaxed) -> bool:
    """Take the prices of the linear problem over the pool; False when no column is new."""
    known = sum(map(len, found.pool))
    duals = _run(found, _table(found.places, found.pool), whole=False).getSolution().row_dual
    prices: Prices = {}
    place = len(found.pieces)
    for entity in found.places.free:
        prices[entity] = [max(0.0, -dual) for dual in duals[place : place + found.places.horizon]]
        place += found.places.horizon
    bound, _ = found.wishes(prices)
    found.rise(bound, prices)
    return sum(map(len, found.pool)) > known


def _choose(found: Relaxed, pool: Pool) -> float:
    """Offer the best plan among some columns; return below what none among them lies."""
    table = _table(found.places, pool)
    solver = _run(found, table, whole=True)
    values = solver.getSolution().col_value
    plan = [one for (_, one), value in zip(table.columns, values, strict=False) if value > HALF]
    if len(plan) == len(found.pieces):
        found.offer(plan)
    return float(solver.getInfo().mip_dual_bound)


def _nearest(found: Relaxed) -> list[set[Column]]:
    """Return every column that a better plan could use; empty when they are too many.

    In a plan that is better by one point, no column costs more than the cheapest of its piece by
    more than what lies between that plan and the bound.
    """
    fees = found.places.fees(found.prices)
    spare = found.cost - 1 - found.bound + EXACT
    pool, count = [{one} for one in found.plan], 0
    for known, piece in zip(pool, found.pieces, strict=True):
        for one in piece.near(fees, piece.cheapest(fees)[0] + spare):
            known.add(one)
            count += 1
            if count > NEAREST:
                return []
    return pool


def _table(places: Places, pool: Pool) -> Table:
    slots = [(entity, quarter) for entity in places.free for quarter in range(places.horizon)]
    row = {slot: len(pool) + number for number, slot in enumerate(slots)}
    columns = [(piece, one) for piece, known in enumerate(pool) for one in sorted(known)]
    starts, rows, values = [0], [], []
    for piece, one in columns:
        held = Counter(row[slot] for slot in places.taken(one))
        rows += [piece, *sorted(held)]
        values += [1.0, *(float(held[place]) for place in sorted(held))]
        starts.append(len(rows))
    return Table(columns, starts, rows, values)


def _run(found: Relaxed, table: Table, *, whole: bool) -> Any:
    """Return HiGHS after it has solved the problem of a table, in whole numbers or not."""
    library = import_module(SOLVER)
    free = [float(most) for each in found.places.free.values() for most in each]
    once = [1.0] * len(found.pieces)
    problem = library.HighsLp()
    problem.num_col_, problem.num_row_ = len(table.columns), len(once) + len(free)
    problem.col_cost_ = [float(one.cost) for _, one in table.columns]
    problem.col_lower_ = [0.0] * len(table.columns)
    problem.col_upper_ = [1.0 if whole else library.kHighsInf] * len(table.columns)
    problem.row_lower_ = once + [-library.kHighsInf] * len(free)
    problem.row_upper_ = once + free
    problem.a_matrix_.format_ = library.MatrixFormat.kColwise
    problem.a_matrix_.start_ = table.starts
    problem.a_matrix_.index_ = table.rows
    problem.a_matrix_.value_ = table.values
    if whole:
        problem.integrality_ = [library.HighsVarType.kInteger] * len(table.columns)
    solver = library.Highs()
    solver.silent()
    for name, value in _settings().items():
        solver.setOptionValue(name, value)
    library.Highs.resetGlobalScheduler(True)  # it would refuse one thread after a run with more
    statuses = (solver.passModel(problem), solver.run())
    if library.HighsStatus.kError in statuses:
        raise UnsolvedError("HiGHS could not take the problem")
    return solver


def _settings() -> dict[str, object]:
    """Costs are whole numbers: what is within one of the bound is the best."""
    return {
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.99,
        "mip_max_nodes": MOST_NODES,
        "mip_max_stall_nodes": MOST_STALLED,
    }
