"""Names for people who do not exist, Chinese and English, in everyday proportions.

Chinese characters carry their pinyin for e-mail addresses. Surname weights follow the order of
frequency in China's household registration; the rest is chosen to sound like people of all ages.
"""

from __future__ import annotations

from typing import Literal

Gender = Literal["female", "male"]

CHINESE_SURNAMES: tuple[tuple[tuple[str, str], int], ...] = (
    (("王", "wang"), 20), (("李", "li"), 20), (("张", "zhang"), 19), (("刘", "liu"), 15),
    (("陈", "chen"), 14), (("杨", "yang"), 9), (("黄", "huang"), 8), (("赵", "zhao"), 7),
    (("吴", "wu"), 7), (("周", "zhou"), 7), (("徐", "xu"), 5), (("孙", "sun"), 5),
    (("马", "ma"), 4), (("朱", "zhu"), 4), (("胡", "hu"), 4), (("林", "lin"), 5),
    (("郭", "guo"), 4), (("何", "he"), 4), (("高", "gao"), 3), (("罗", "luo"), 3),
    (("郑", "zheng"), 3), (("梁", "liang"), 3), (("谢", "xie"), 3), (("宋", "song"), 2),
    (("唐", "tang"), 2), (("许", "xu"), 2), (("邓", "deng"), 2), (("冯", "feng"), 2),
    (("韩", "han"), 2), (("曹", "cao"), 2), (("曾", "zeng"), 2), (("彭", "peng"), 2),
    (("萧", "xiao"), 2), (("蔡", "cai"), 2), (("潘", "pan"), 2), (("田", "tian"), 1),
    (("董", "dong"), 1), (("袁", "yuan"), 1), (("于", "yu"), 1), (("余", "yu"), 1),
    (("叶", "ye"), 1), (("蒋", "jiang"), 1), (("杜", "du"), 1), (("苏", "su"), 1),
    (("魏", "wei"), 1), (("程", "cheng"), 1), (("吕", "lv"), 1), (("丁", "ding"), 1),
    (("沈", "shen"), 1), (("任", "ren"), 1), (("姚", "yao"), 1), (("卢", "lu"), 1),
    (("欧阳", "ouyang"), 1),
)  # fmt: skip

CHINESE_GIVEN: dict[Gender, tuple[tuple[str, str], ...]] = {
    "female": (
        ("丽", "li"), ("敏", "min"), ("静", "jing"), ("秀英", "xiuying"), ("燕", "yan"),
        ("玉兰", "yulan"), ("桂芳", "guifang"), ("婷", "ting"), ("雪梅", "xuemei"),
        ("晓燕", "xiaoyan"), ("美玲", "meiling"), ("慧", "hui"), ("佳怡", "jiayi"),
        ("思雨", "siyu"), ("欣怡", "xinyi"), ("雨桐", "yutong"), ("诗涵", "shihan"),
        ("若曦", "ruoxi"), ("子涵", "zihan"), ("梦洁", "mengjie"), ("文静", "wenjing"),
        ("嘉欣", "jiaxin"), ("淑珍", "shuzhen"), ("海燕", "haiyan"), ("春梅", "chunmei"),
        ("月娥", "yuee"), ("晓琳", "xiaolin"), ("雅婷", "yating"), ("书瑶", "shuyao"),
        ("可欣", "kexin"), ("宛如", "wanru"), ("心怡", "xinyi"), ("颖", "ying"),
        ("红霞", "hongxia"), ("丹", "dan"), ("倩", "qian"), ("蕾", "lei"), ("素云", "suyun"),
    ),
    "male": (
        ("伟", "wei"), ("强", "qiang"), ("磊", "lei"), ("军", "jun"), ("勇", "yong"),
        ("建国", "jianguo"), ("志强", "zhiqiang"), ("海涛", "haitao"), ("明", "ming"),
        ("晓东", "xiaodong"), ("国栋", "guodong"), ("浩然", "haoran"), ("宇轩", "yuxuan"),
        ("子轩", "zixuan"), ("俊杰", "junjie"), ("文博", "wenbo"), ("天佑", "tianyou"),
        ("一鸣", "yiming"), ("嘉豪", "jiahao"), ("泽宇", "zeyu"), ("家明", "jiaming"),
        ("振华", "zhenhua"), ("永福", "yongfu"), ("德明", "deming"), ("立新", "lixin"),
        ("鹏", "peng"), ("涛", "tao"), ("斌", "bin"), ("凯", "kai"), ("思远", "siyuan"),
        ("景行", "jingxing"), ("承志", "chengzhi"), ("启航", "qihang"), ("少华", "shaohua"),
        ("松柏", "songbai"), ("大伟", "dawei"), ("新宇", "xinyu"), ("旭", "xu"),
    ),
}  # fmt: skip

ENGLISH_GIVEN: dict[Gender, tuple[str, ...]] = {
    "female": (
        "Abigail", "Alice", "Amelia", "Andrea", "Beatrice", "Carla", "Caroline", "Charlotte",
        "Clara", "Denise", "Diana", "Eleanor", "Elena", "Emily", "Esther", "Fiona", "Grace",
        "Hannah", "Helen", "Irene", "Isabel", "Jasmine", "Joan", "Julia", "Karen", "Laura",
        "Linda", "Lucy", "Margaret", "Maria", "Monica", "Naomi", "Nina", "Olivia", "Patricia",
        "Rachel", "Rosa", "Ruth", "Sarah", "Sofia", "Teresa", "Vanessa", "Violet", "Wendy",
    ),
    "male": (
        "Adam", "Albert", "Andrew", "Anthony", "Arthur", "Benjamin", "Carlos", "Charles",
        "Daniel", "David", "Dennis", "Edward", "Eric", "Felix", "Francis", "Frank", "George",
        "Gregory", "Harold", "Henry", "Hugo", "Isaac", "Jack", "James", "Joseph", "Julian",
        "Kevin", "Leonard", "Lucas", "Marcus", "Martin", "Nathan", "Oliver", "Oscar", "Patrick",
        "Paul", "Peter", "Philip", "Raymond", "Samuel", "Simon", "Thomas", "Victor", "Walter",
    ),
}  # fmt: skip

ENGLISH_SURNAMES = (
    "Abbott", "Alvarez", "Archer", "Bailey", "Barnes", "Bennett", "Boyd", "Brooks", "Bryant",
    "Burke", "Carter", "Castillo", "Chapman", "Coleman", "Cooper", "Cruz", "Dalton", "Dawson",
    "Delgado", "Dixon", "Ellis", "Fisher", "Fleming", "Flores", "Foster", "Garner", "Gibson",
    "Graham", "Grant", "Hale", "Harper", "Hart", "Hayes", "Herrera", "Holmes", "Hughes",
    "Jenkins", "Keller", "Kennedy", "Lambert", "Lawson", "Marsh", "Mason", "Mendoza", "Mercer",
    "Morales", "Murray", "Nichols", "Norris", "Ortega", "Palmer", "Parker", "Pearson", "Pierce",
    "Porter", "Quinn", "Ramirez", "Reed", "Reyes", "Rhodes", "Rivera", "Rowe", "Sanders",
    "Santos", "Shaw", "Sinclair", "Soto", "Spencer", "Stone", "Sutton", "Tucker", "Turner",
    "Vargas", "Vaughn", "Wallace", "Walsh", "Warren", "Webb", "Weston", "Whitaker", "Wright",
)  # fmt: skip

OCCUPATIONS: tuple[tuple[tuple[str, str], int], ...] = (
    (("Office clerk", "文员"), 16), (("Teacher", "教师"), 9), (("Nurse", "护士"), 6),
    (("Sales representative", "销售"), 10), (("Engineer", "工程师"), 8),
    (("Software developer", "软件开发"), 6), (("Accountant", "会计"), 5),
    (("Driver", "司机"), 5), (("Cook", "厨师"), 4), (("Shop owner", "个体经营"), 6),
    (("Technician", "技术员"), 6), (("Civil servant", "公务员"), 5), (("Doctor", "医生"), 3),
    (("Designer", "设计师"), 3), (("Builder", "建筑工人"), 4), (("Homemaker", "全职家庭"), 6),
)  # fmt: skip
STUDENT = ("Student", "学生")
RETIRED = ("Retired", "退休")
