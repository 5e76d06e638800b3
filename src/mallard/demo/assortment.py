"""Which tenant sells which product of the source.

The source has one supermarket chain's departments. Two of them (GROCERY, DRUG GM) are split by
category into natural trades; several others are misfiled or no shop at all and are read by
what is really in them: PHOTO & VIDEO holds dough and beer, POSTAL CENTER sweets, TRAVEL &
LEISURE apples, CHEF SHOPPE and FROZEN GROCERY fresh produce, petrol is also found under
MISCELLANEOUS. COUPON and CNTRL/STORE SUP are no shops: with gift cards, tickets, unnamed items
and the lines that have no product they form the sundries counter.
"""

from __future__ import annotations

from mallard.demo.tenants import SUNDRIES

PETROL = "GASOLINE-REG UNLEADED"

# Product types that say more than the department and category they are filed under.
TENANT_OF_TYPE = {
    PETROL: "FUE",
    "BULK CANDY": "SWT",
    "CAN DOG FOOD RATION (TRIX/VETS": "PET",
    "MISCELLANEOUS H & B AIDS": "BEA",
    "MISC. BATH PRODUCTS": "BEA",
    "PRODUCE DEPT KEY RING": "GRN",
    "FLORAL DEPT KEY RING": "FLO",
    "MEAT SUPPLIES": "BUT",
    "SOFT DRINKS CAN NON-CARB (EXCE": "SUP",
    "SFT DRNK MLT-PK BTL CARB (EXCP": "SUP",
    "STRAWBERRIES": "GRN",
    "BEERALEMALT LIQUORS": "WIN",
}

# Departments that one tenant sells whole, whatever the category.
TENANT_OF_DEPARTMENT = {
    "CHEF SHOPPE": "GRN",
    "COSMETICS": "BEA",
    "DELI": "DEL",
    "FLORAL": "FLO",
    "FROZEN GROCERY": "GRN",
    "GARDEN CENTER": "FLO",
    "MEAT": "BUT",
    "PASTRY": "BAK",
    "SALAD BAR": "DEL",
    "SEAFOOD": "FSH",
    "SEAFOOD-PCKGD": "FSH",
    "SPIRITS": "WIN",
    "TOYS": "GIF",
    "TRAVEL & LEISURE": "GRN",
}

# Departments of which one tenant sells what the categories below do not give to another.
REST_OF_DEPARTMENT = {
    "MEAT-PCKGD": "SUP",
    "NUTRITION": "HLT",
    "PRODUCE": "GRN",
    "RESTAURANT": "DEL",
}

TENANT_OF_DEPARTMENT_CATEGORY = {
    ("MEAT-PCKGD", "FROZEN MEAT"): "FRZ",
    ("MEAT-PCKGD", "FROZEN PACKAGE MEAT"): "FRZ",
    ("NUTRITION", "BABYFOOD"): "MAB",
    ("NUTRITION", "DRY TEA/COFFEE/COCO MIX"): "COF",
    ("PRODUCE", "POPCORN"): "SUP",
    ("RESTAURANT", "COFFEE SHOP"): "COF",
    ("RESTAURANT", "COFFEE SHOP SWEET GOODS&RETAIL"): "COF",
}

# Categories of GROCERY and DRUG GM (and of misfiled departments), by tenant.
CATEGORIES_OF_TENANT: dict[str, tuple[str, ...]] = {
    "SUP": (
        "AIR CARE", "BAG SNACKS", "BAKED BREAD/BUNS/ROLLS", "BAKED SWEET GOODS", "BAKING MIXES",
        "BAKING NEEDS", "BATH TISSUES", "BEANS - CANNED GLASS & MW", "BLEACH", "BUTTER",
        "CANNED JUICES", "CANNED MILK", "CHEESE", "COLD CEREAL", "CONDIMENTS/SAUCES",
        "CONVENIENT BRKFST/WHLSM SNACKS", "COOKIES/CONES", "CRACKERS/MISC BKD FD",
        "DINNER MXS:DRY", "DISHWASH DETERGENTS", "DRY BN/VEG/POTATO/RICE", "DRY MIX DESSERTS",
        "DRY NOODLES/PASTA", "DRY SAUCES/GRAVY", "EGGS", "FACIAL TISS/DNR NAPKIN",
        "FD WRAPS/BAGS/TRSH BG", "FLOUR & MEALS", "FLUID MILK PRODUCTS", "FRUIT - SHELF STABLE",
        "HISPANIC", "HOT CEREAL", "HOUSEHOLD CLEANG NEEDS", "ISOTONIC DRINKS",
        "LAUNDRY ADDITIVES", "LAUNDRY DETERGENTS", "MARGARINES", "MEAT - SHELF STABLE",
        "MILK BY-PRODUCTS", "MISC. DAIRY", "MOLASSES/SYRUP/PANCAKE MIXS", "NEW AGE", "OLIVES",
        "PAPER TOWELS", "PASTA SAUCE", "PICKLE/RELISH/PKLD VEG", "PNT BTR/JELLY/JAMS",
        "PWDR/CRYSTL DRNK MX", "REFRGRATD DOUGH PRODUCTS", "REFRGRATD JUICES/DRNKS",
        "SALD DRSNG/SNDWCH SPRD", "SEAFOOD - SHELF STABLE", "SHORTENING/OIL", "SNACK NUTS",
        "SOFT DRINKS", "SOUP", "SPICES & EXTRACTS", "SUGARS/SWEETNERS", "SYRUPS/TOPPINGS",
        "VEGETABLES - SHELF STABLE", "WAREHOUSE SNACKS", "WATER - CARBONATED/FLVRD DRINK",
        "YOGURT",
    ),
    "FRZ": (
        "FROZEN BREAD/DOUGH", "FROZEN CHICKEN", "FROZEN PIE/DESSERTS", "FROZEN PIZZA",
        "FRZN BREAKFAST FOODS", "FRZN FRUITS", "FRZN ICE", "FRZN JCE CONC/DRNKS",
        "FRZN MEAT/MEAT DINNERS", "FRZN NOVELTIES/WTR ICE", "FRZN POTATOES", "FRZN SEAFOOD",
        "FRZN VEGETABLE/VEG DSH", "ICE CREAM/MILK/SHERBTS",
    ),
    "COF": ("COCOA MIXES", "COFFEE", "COFFEE FILTERS", "TEAS"),
    "SWT": ("CANDY - CHECKLANE", "CANDY - PACKAGED"),
    "WIN": ("BEERS/ALES", "DOMESTIC WINE", "IMPORTED WINE", "LIQUOR", "MISC WINE"),
    "HLT": ("DIETARY AID PRODUCTS", "RESTRICTED DIET", "VITAMINS"),
    "BEA": (
        "DEODORANTS", "ETHNIC PERSONAL CARE", "FRAGRANCES", "HAIR CARE ACCESSORIES",
        "HAIR CARE PRODUCTS", "HAND/BODY/FACIAL PRODUCTS", "MISCELLANEOUS HBC", "NATURAL HBC",
        "PERSONAL CARE APPLIANCES", "SHAVING CARE PRODUCTS", "SOAP - LIQUID & BAR", "SUNTAN",
    ),
    "PHA": (
        "ADULT INCONTINENCE", "ANALGESICS", "ANTACIDS", "COLD AND FLU",
        "EYE AND EAR CARE PRODUCTS", "FAMILY PLANNING", "FEMININE HYGIENE",
        "FIRST AID PRODUCTS", "FOOT CARE PRODUCTS", "GLASSES/VISION AIDS", "HOME HEALTH CARE",
        "LAXATIVES", "ORAL HYGIENE PRODUCTS", "PHARMACY", "SINUS AND ALLERGY",
        "SMOKING CESSATIONS",
    ),
    "MAB": (
        "BABY FOODS", "BABY HBC", "DIAPERS & DISPOSABLES", "INFANT CARE PRODUCTS",
        "INFANT FORMULA",
    ),
    "GIF": (
        "APPAREL", "AUDIO/VIDEO PRODUCTS", "CHRISTMAS  SEASONAL", "CONTINUITIES",
        "DOLLAR VALUE PRODUCTS", "EASTER", "FALL AND WINTER SEASONAL", "FILM AND CAMERA PRODUCTS",
        "FIREWORKS", "HALLOWEEN", "HOSIERY/SOCKS", "IN-STORE PHOTOFINISHING",
        "OVERNIGHT PHOTOFINISHING", "SHOE CARE", "SPORTS MEMORABLILIA",
        "SPRING/SUMMER SEASONAL", "TOYS AND GAMES", "VALENTINE", "WATCHES/CALCULATORS/LOBBY",
    ),
    "BOK": (
        "BOOKSTORE", "GREETING CARDS/WRAP/PARTY SPLY", "MAGAZINE", "NEWSPAPER",
        "STATIONERY & SCHOOL SUPPLIES",
    ),
    "HOM": (
        "AUTOMOTIVE PRODUCTS", "BATTERIES", "BROOMS AND MOPS", "CANDLES/ACCESSORIES",
        "CHARCOAL AND LIGHTER FLUID", "COOKWARE & BAKEWARE", "DISPOSIBLE FOILWARE",
        "DOMESTIC GOODS", "ELECTRICAL SUPPPLIES", "GLASSWARE & DINNERWARE", "HARDWARE SUPPLIES",
        "HOME FREEZING & CANNING SUPPLY", "HOME FURNISHINGS", "INSECTICIDES",
        "IRONING AND CHEMICALS", "J-HOOKS", "KITCHEN GADGETS", "PAPER HOUSEWARES",
        "PLASTIC HOUSEWARES", "PORTABLE ELECTRIC APPLIANCES", "PROPANE", "SEWING",
    ),
    "PET": ("BIRD SEED", "CAT FOOD", "CAT LITTER", "DOG FOODS", "PET CARE SUPPLIES"),
    "FLO": ("LAWN AND GARDEN SHOP",),
    "TOB": ("CIGARETTES", "CIGARS", "TOBACCO OTHER"),
    SUNDRIES: (
        "BOTTLE DEPOSITS", "COUPON", "COUPON/MISC ITEMS", "COUPONS/STORE & MFG",
        "LONG DISTANCE CALLING CARDS", "PREPAID WIRELESS&ACCESSORIES", "PROD SUPPLIES",
        "TICKETS",
    ),
}  # fmt: skip
TENANT_OF_CATEGORY = {
    category: tenant
    for tenant, categories in CATEGORIES_OF_TENANT.items()
    for category in categories
}

# What is left of these has neither a shop nor a category that says what it is.
SUNDRY_DEPARTMENTS = frozenset(
    {
        "AUTOMOTIVE", "CHARITABLE CONT", "CNTRL/STORE SUP", "COUPON", "ELECT &PLUMBING",
        "GM MERCH EXP", "HOUSEWARES", "MISCELLANEOUS", "PHOTO & VIDEO", "POSTAL CENTER",
        "PROD-WHS SALES",
    }
)  # fmt: skip


class UnmappedProductError(Exception):
    """A product whose department and category nobody has given to a tenant."""


def tenant_of(department: str | None, category: str | None, product_type: str | None) -> str:
    """Code of the tenant that sells such a product; a line without a product is sundries.

    Raises:
        UnmappedProductError: the combination does not occur in the source this was written for.
    """
    if department is None:
        return SUNDRIES
    if department in TENANT_OF_DEPARTMENT:
        return TENANT_OF_DEPARTMENT[department]
    if product_type in TENANT_OF_TYPE and category in (None, "COUPON/MISC ITEMS", "FUEL"):
        return TENANT_OF_TYPE[product_type]
    if department in REST_OF_DEPARTMENT:
        rest = REST_OF_DEPARTMENT[department]
        return TENANT_OF_DEPARTMENT_CATEGORY.get((department, category or ""), rest)
    if category in TENANT_OF_CATEGORY:
        return TENANT_OF_CATEGORY[category]
    if department in SUNDRY_DEPARTMENTS:
        return SUNDRIES
    raise UnmappedProductError(f"{department} / {category} / {product_type}")
