"""What regions of M49, groups of countries and regional commissions are called."""

from app.web.texts import marked

PLACES = {
    "Africa": marked("Africa"),
    "Americas": marked("Americas"),
    "Asia": marked("Asia"),
    "Europe": marked("Europe"),
    "Oceania": marked("Oceania"),
    "LDC": marked("Least developed countries"),
    "LLDC": marked("Landlocked developing countries"),
    "SIDS": marked("Small island developing States"),
    "ECA": marked("Economic Commission for Africa"),
    "ECE": marked("Economic Commission for Europe"),
    "ECLAC": marked("Economic Commission for Latin America and the Caribbean"),
    "ESCAP": marked("Economic and Social Commission for Asia and the Pacific"),
    "ESCWA": marked("Economic and Social Commission for Western Asia"),
}
"""By the code or the English name that lists are narrowed by."""
