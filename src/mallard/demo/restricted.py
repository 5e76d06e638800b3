"""Which goods of the source never earn points: tobacco, infant formula and medicines.

The advertising and consumer rules behind the requirement name the goods, not the shelf they lie
on: a lighter filed under TOBACCO OTHER is not tobacco, a water gun filed under ANTACIDS is no
medicine, and a cough syrup filed under BABY HBC is one. Whole categories are named only where
every product in them is such a good; for the rest the product type decides.
"""

from __future__ import annotations

from typing import Literal

Restriction = Literal["tobacco", "infant_formula", "medicine"]

RESTRICTED_CATEGORIES: dict[str, Restriction] = {
    "CIGARETTES": "tobacco",
    "CIGARS": "tobacco",
    "INFANT FORMULA": "infant_formula",
    # Nicotine patches and gum are sold as medicines.
    "SMOKING CESSATIONS": "medicine",
}

TOBACCO_TYPES = frozenset(
    {
        "CHEWING TOBACCO", "CIGARETTE PARAPHERNALIA", "CIGARETTES", "CIGARS", "SMOKING TOBACCO",
        "SNUFF", "TOBACCO FREE SNUFF",
    }
)  # fmt: skip

FORMULA_TYPES = frozenset(
    {
        "INFANT FORMULA MILK BASE", "INFANT FORMULA SOY BASE", "INFANT FORMULA SPECIALTY",
        "INFANT FORMULA TODDLER",
    }
)  # fmt: skip

# Everything that is sold for its medical effect. Vitamins and diet products are food supplements,
# bandages and thermometers are devices: neither is a medicine.
MEDICINE_TYPES = frozenset(
    {
        "ACNE MEDICATIONS", "ADULT ANALGESICS", "ANTI-ACIDS", "BABY ANTIBIOTIC OINTMENTS & CR",
        "COLD AND FLU", "COLD AND FLU (AGE RESTRICTED)", "COLD AND FLU - DXM",
        "COLD AND FLU - PSE", "COUGH SYRP/LOZNG-DRP/XPCTRNT", "DANDRUFF-MEDICATED SHAMPOOS",
        "EAR CARE", "FEM YEAST TREATMENTS", "FEMALE CONTRACEPTIVES", "FIRST AID MEDICATIONS",
        "FOOT CARE - MEDICATED CORN/CAL", "GENERAL EYE CARE", "HAND/BODY/FACIAL (MEDICATED)",
        "HEMORRHOIDAL", "HYDROCORTIZONE", "LAXATIVES", "LINAMENTS", "LIPCARE MEDICATED",
        "MEDICATED BABY POWDER", "MEDICATED FIRST AID DRESSING/C", "MENSTRUAL ANALGESICS",
        "MISC FEMININE HYGIENE MEDICATE", "MISC ORAL HYGN MEDICATED (DESE",
        "MISC. OTC MEDICINES", "MOUTH SORE", "MOUTH SORE MEDICATED", "NASAL SPRAY AND DROPS",
        "NUT SUPP-HOMEOPATHY", "PEDIATRIC ANALGESICS", "RX MEDICATED OTC DRUGS",
        "SINUS AND ALLERGY", "SINUS/ALLERGY - PSE", "SINUS/ALLERGY(AGE RESTRICTED)",
        "SLEEPING AIDS", "SMOKING CESSATION", "STIMULANTS", "THERMAL ANALGESICS",
    }
)  # fmt: skip


def restriction_of(category: str | None, product_type: str | None) -> Restriction | None:
    """The kind of restricted good that such a product is; None for ordinary goods."""
    if category in RESTRICTED_CATEGORIES:
        return RESTRICTED_CATEGORIES[category]
    if product_type in TOBACCO_TYPES:
        return "tobacco"
    if product_type in FORMULA_TYPES:
        return "infant_formula"
    if product_type in MEDICINE_TYPES:
        return "medicine"
    return None
