"""Who trades in the malls of the demo: trade categories, tenants and their brands.

All names are invented for the demo. The list follows the goods in the source (`assortment`
says which go where), not the source's department names.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoTrade:
    """A trade category (业态); `parent` is None on the upper of the two levels."""

    code: str
    parent: str | None
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class DemoTenant:
    """A tenant, its company and the one brand over its doors."""

    code: str
    trade: str
    company_en: str
    company_zh: str
    brand_en: str
    brand_zh: str


TRADES = (
    DemoTrade("FRESH", None, "Supermarket and fresh food", "超市生鲜"),
    DemoTrade("FRESH-SUPERMARKET", "FRESH", "Supermarket", "综合超市"),
    DemoTrade("FRESH-PRODUCE", "FRESH", "Fruit and vegetables", "水果蔬菜"),
    DemoTrade("FRESH-BUTCHER", "FRESH", "Butcher", "鲜肉"),
    DemoTrade("FRESH-FISH", "FRESH", "Fish and seafood", "水产海鲜"),
    DemoTrade("FRESH-FROZEN", "FRESH", "Frozen food and ice cream", "冷冻食品"),
    DemoTrade("DINING", None, "Food and drink", "餐饮美食"),
    DemoTrade("DINING-DELI", "DINING", "Delicatessen and light meals", "熟食轻餐"),
    DemoTrade("DINING-BAKERY", "DINING", "Bakery", "烘焙"),
    DemoTrade("DINING-COFFEE", "DINING", "Coffee and tea", "咖啡茶饮"),
    DemoTrade("FOODS", None, "Speciality food", "食品专卖"),
    DemoTrade("FOODS-SWEETS", "FOODS", "Sweets", "糖果"),
    DemoTrade("FOODS-SPIRITS", "FOODS", "Wine, beer and spirits", "酒类"),
    DemoTrade("FOODS-HEALTH", "FOODS", "Health food", "健康食品"),
    DemoTrade("CARE", None, "Beauty and health", "美妆健康"),
    DemoTrade("CARE-BEAUTY", "CARE", "Beauty and personal care", "美妆个护"),
    DemoTrade("CARE-PHARMACY", "CARE", "Pharmacy", "药房"),
    DemoTrade("FAMILY", None, "Children and leisure", "亲子休闲"),
    DemoTrade("FAMILY-BABY", "FAMILY", "Mother and baby", "母婴"),
    DemoTrade("FAMILY-GIFTS", "FAMILY", "Toys, gifts and seasonal goods", "玩具礼品"),
    DemoTrade("FAMILY-BOOKS", "FAMILY", "Books, cards and stationery", "图书文具"),
    DemoTrade("HOME", None, "Home and living", "家居生活"),
    DemoTrade("HOME-WARES", "HOME", "Homeware", "家居用品"),
    DemoTrade("HOME-PETS", "HOME", "Pets", "宠物"),
    DemoTrade("HOME-FLOWERS", "HOME", "Flowers and garden", "花艺园艺"),
    DemoTrade("SERVICE", None, "Services", "便民服务"),
    DemoTrade("SERVICE-FUEL", "SERVICE", "Petrol station", "加油站"),
    DemoTrade("SERVICE-TOBACCO", "SERVICE", "Tobacconist", "烟草"),
    DemoTrade("SERVICE-SUNDRIES", "SERVICE", "Service counter and sundries", "便民杂货"),
)

SUNDRIES = "SUN"

# fmt: off
TENANTS = (
    DemoTenant("SUP", "FRESH-SUPERMARKET",
               "Heronmere Retail", "鹭禾商业", "Heronmere Market", "鹭禾超市"),
    DemoTenant("GRN", "FRESH-PRODUCE",
               "Three Furrows Growers", "三垄农业", "Three Furrows", "三垄鲜果蔬"),
    DemoTenant("BUT", "FRESH-BUTCHER",
               "Oakblock Meats", "橡砧食品", "Oakblock Butchers", "橡砧肉铺"),
    DemoTenant("FSH", "FRESH-FISH",
               "Tide & Twine Seafood", "潮线水产", "Tide & Twine", "潮线海鲜"),
    DemoTenant("FRZ", "FRESH-FROZEN",
               "Frostlarder Foods", "霜仓食品", "Frostlarder", "霜仓冻品"),
    DemoTenant("DEL", "DINING-DELI",
               "Ladle & Lantern Kitchens", "勺灯餐饮", "Ladle & Lantern", "勺灯小厨"),
    DemoTenant("BAK", "DINING-BAKERY",
               "Crumbwell Baking", "穗朵食品", "Crumbwell Bakery", "穗朵烘焙"),
    DemoTenant("COF", "DINING-COFFEE",
               "Kettlebird Coffee & Tea", "壶雀饮品", "Kettlebird", "壶雀咖啡茶"),
    DemoTenant("SWT", "FOODS-SWEETS",
               "Sugarwren Confectionery", "糖雀食品", "Sugarwren", "糖雀糖果屋"),
    DemoTenant("WIN", "FOODS-SPIRITS",
               "Ninestep Cellars", "九阶酒业", "Ninestep Cellars", "九阶酒窖"),
    DemoTenant("HLT", "FOODS-HEALTH",
               "Plainroot Foods", "素根食品", "Plainroot Pantry", "素根食集"),
    DemoTenant("BEA", "CARE-BEAUTY",
               "Velvetmere Beauty", "绒汀美妆", "Velvetmere", "绒汀美妆"),
    DemoTenant("PHA", "CARE-PHARMACY",
               "Willowmark Pharmacy", "柳记医药", "Willowmark Pharmacy", "柳记药房"),
    DemoTenant("MAB", "FAMILY-BABY",
               "Otterling Family", "獭宝母婴", "Otterling", "獭宝母婴"),
    DemoTenant("GIF", "FAMILY-GIFTS",
               "Kite & Marble Gifts", "鸢珠商贸", "Kite & Marble", "鸢珠玩具礼品"),
    DemoTenant("BOK", "FAMILY-BOOKS",
               "Paperwick Stationers", "纸芯文化", "Paperwick", "纸芯书店"),
    DemoTenant("HOM", "HOME-WARES",
               "Hearthgrain Home", "炉木家居", "Hearthgrain", "炉木家居"),
    DemoTenant("PET", "HOME-PETS",
               "Pawmeadow Pets", "绒爪宠物", "Pawmeadow", "绒爪宠物"),
    DemoTenant("FLO", "HOME-FLOWERS",
               "Stem & Sedge Florists", "苇茎花艺", "Stem & Sedge", "苇茎花坊"),
    DemoTenant("TOB", "SERVICE-TOBACCO",
               "Cedarlid Tobacconists", "杉匣烟草", "Cedarlid", "杉匣烟铺"),
    DemoTenant("FUE", "SERVICE-FUEL",
               "Mileray Fuels", "里曜能源", "Mileray", "里曜加油站"),
    DemoTenant(SUNDRIES, "SERVICE-SUNDRIES",
               "Corner Lantern Services", "街灯商贸", "Corner Lantern", "街灯便民店"),
)
# fmt: on

TENANT_BY_CODE = {tenant.code: tenant for tenant in TENANTS}
TRADE_BY_CODE = {trade.code: trade for trade in TRADES}
