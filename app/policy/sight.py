"""Which roles see which requests: what `access.visible` turns into SQL."""

ALL = frozenset({"desk_officer", "screening_officer", "rights_reviewer", "auditor", "client"})
"""See every filed request, when held without a scope."""

COUNTRY = frozenset({"resident_coordinator", "government", "assessor", "client"})
"""See the filed requests of the countries for which they are held."""

ENTITY = frozenset({"focal_point", "client"})
"""See the requests about which the entities for which they are held have been asked."""

DRAFTS = frozenset({"resident_coordinator"})
"""See the drafts of their countries as well."""

EVERYTHING = frozenset({"auditor"})
"""See drafts of every country too. Administrators are in none of these: they see no request."""
