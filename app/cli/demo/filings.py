"""What countries ask for in the demonstration; needs and texts in plain language."""

from typing import Any

SUBMISSION = "Ministry of Foreign Affairs, note verbale"

KENYA: dict[str, Any] = {
    "countries": ["KEN"],
    "title": "Investigating cybercrime and protecting critical services",
    "summary": (
        "Police and prosecutors meet electronic evidence in most fraud cases and have no common "
        "practice for it. Hospitals and the payment network were disrupted twice this year, and "
        "no national team answers for the country. We ask for help to train investigators and "
        "prosecutors together, to review procedural law, and to build a response team."
    ),
    "authority": f"{SUBMISSION} 114/2026",
    "sector": "criminal_justice",
    "cross_border": "Most cases involve providers and suspects abroad.",
    "framework_outcome": "Outcome 2: people in Kenya are safe and trust their institutions",
    "needs": [
        {
            "area": "D",
            "topic": "D6a",
            "kind": "training",
            "priority": 1,
            "text": "Joint training of investigators and prosecutors in electronic evidence.",
        },
        {
            "area": "A",
            "topic": "A3b",
            "kind": "legislation",
            "priority": 2,
            "text": "Review of procedural powers over stored and moving data.",
        },
        {
            "area": "D",
            "topic": "D9",
            "kind": "cirt",
            "priority": 1,
            "text": "A national computer incident response team with trained staff.",
        },
        {
            "area": "C",
            "topic": "C7",
            "kind": "advisory_note",
            "priority": 2,
            "text": "Protection of hospital and payment networks.",
        },
        {
            "area": "E",
            "topic": "E2",
            "kind": "advisory_note",
            "priority": 3,
            "text": "A contact point that answers foreign requests at any hour.",
        },
    ],
}

SEEDS: tuple[dict[str, Any], ...] = (
    {
        "until": "draft",
        "countries": ["GTM"],
        "title": "Awareness for small enterprises",
        "area": "D",
        "topic": "D7",
        "kind": "awareness_campaign",
    },
    {
        "until": "triage",
        "countries": ["NPL"],
        "title": "National cybersecurity policy",
        "area": "B",
        "topic": "B3a",
        "kind": "policy",
    },
    {
        "until": "triage",
        "countries": ["FJI", "WSM", "TON"],
        "title": "Regional contact network",
        "area": "E",
        "topic": "E2",
        "kind": "joint_meeting",
    },
    {
        "until": "clarification",
        "countries": ["JOR"],
        "title": "Rules for trade online",
        "area": "A",
        "topic": "A2",
        "kind": "legislation",
    },
    {
        "until": "redirected",
        "countries": ["PER"],
        "title": "Mail accounts of a country office",
        "area": "C",
        "topic": "C7",
        "kind": "advisory_note",
    },
    {
        "until": "assessment",
        "countries": ["SEN"],
        "title": "Evidence in court",
        "area": "C",
        "topic": "C1b",
        "kind": "forensics_support",
    },
    {
        "until": "assessment",
        "countries": ["KAZ"],
        "title": "Self-assessment of readiness",
        "area": "D",
        "topic": "D8",
        "kind": "assessment_support",
    },
    {
        "until": "screening",
        "countries": ["VNM"],
        "title": "Prevention plan for schools",
        "area": "D",
        "topic": "D1",
        "kind": "strategy",
    },
    {
        "until": "matching",
        "countries": ["COL"],
        "title": "Response to ransomware",
        "area": "D",
        "topic": "D9",
        "kind": "cirt",
    },
    {
        "until": "offered",
        "countries": ["GEO"],
        "title": "Training of prosecutors",
        "area": "D",
        "topic": "D6a",
        "kind": "training",
    },
    {
        "until": "delivery",
        "countries": ["BGD"],
        "title": "Critical infrastructure standards",
        "area": "B",
        "topic": "B4c",
        "kind": "advisory_note",
    },
    {
        "until": "withdrawn",
        "countries": ["MAR"],
        "title": "Study of markets for stolen data",
        "area": "D",
        "topic": "D4",
        "kind": "research",
    },
)
"""Twelve further requests: until which state each is played, for whom, and what it asks."""


def filing(seed: dict[str, Any]) -> dict[str, Any]:
    """Return the body that files a seeded request."""
    text = f"{seed['title']}: help is asked for, as the national authorities have set out."
    return {
        "countries": seed["countries"],
        "regional": len(seed["countries"]) > 1,
        "title": seed["title"],
        "summary": text,
        "authority": SUBMISSION,
        "cross_border": "The threat crosses borders.",
        "needs": [{name: seed[name] for name in ("area", "topic", "kind")} | {"text": text}],
    }
