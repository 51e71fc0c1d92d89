"""Which roles see which requests: what `access.visible` and `access.within` turn into SQL."""

EVERYTHING = frozenset({"auditor"})
"""See drafts of every country too. Administrators are in none of these: they see no request."""

DESK = frozenset({"desk_officer"})
"""See every filed request, whatever its level, when held without a scope."""

SCREENING = frozenset({"screening_officer", "rights_reviewer"})
"""See every filed request; a confidential one only while it stands in their stage."""

DRAFTS = frozenset({"resident_coordinator"})
"""See the requests of the countries for which they are held, drafts among them."""

COUNTRY = frozenset({"government", "assessor"})
"""See the filed requests of the countries for which they are held."""

ENTITY = frozenset({"focal_point"})
"""See the requests about which their entity is asked or which it has accepted, and then within."""

PROGRAM = frozenset({"client"})
"""See ordinary requests alone, in whatever scope they are held, and never read within."""
