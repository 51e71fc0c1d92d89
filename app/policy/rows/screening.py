"""The request held against the principles."""

from app.policy.rule import Rule

WRITE = ("screening.write",)

ROWS = (
    Rule("read_screening", "read", within=True),
    Rule("put_criterion", "write", acts=WRITE),
    Rule("put_principle", "write", acts=WRITE),
    Rule("recheck", "write", acts=WRITE),
    Rule("decide", "decide", acts=("screening.decide",)),
    Rule("confirm", "decide", acts=("screening.confirm",), second="who decided"),
    Rule("list_rounds", "read", within=True),
    Rule("read_appeal", "read", within=True),
)
