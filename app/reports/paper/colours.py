"""Colours of pictures on paper: the library draws a picture apart from the style of its page."""

import re

TOKEN = re.compile(r"(--[\w-]+): (?:light-dark\()?(#[0-9a-f]{6})")
RULE = re.compile(r"([^{}/;]+)\{([^{}]*(?<![\w-])(?:fill|stroke|text-anchor)[\w-]*:[^{}]*)\}")
USED = re.compile(r"var\((--[\w-]+)\)")
PICTURE = re.compile(r"<svg\b[^>]*>")


def coloured(page: str, sheet: str) -> str:
    """Return a page in each of whose pictures the rules for pictures of its style sheet stand."""
    tokens = dict(TOKEN.findall(sheet))
    rules = "".join(f"{which.strip()}{{{said}}}" for which, said in RULE.findall(sheet))
    plain = USED.sub(lambda used: tokens.get(used[1], used[0]), rules)
    return PICTURE.sub(lambda begins: f"{begins[0]}<style>{plain}</style>", page)
