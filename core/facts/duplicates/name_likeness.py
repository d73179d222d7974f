"""How alike two names of customers are once everything that many companies share is taken away. Pure.

`杭州明德商贸有限公司`, `明德商贸（杭州）` and `浙江明德商贸有限责任公司` come down to `明德商贸`; numbers of
branches stay, because two shops of one chain are two customers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from rapidfuzz import fuzz

PROVINCES = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西",
    "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾",
    "内蒙古", "广西", "西藏",
    "宁夏", "新疆", "香港", "澳门",
)  # fmt: skip
PLACEHOLDER = re.compile(
    r"(?i)^\s*(?:(?:测试|test)[\s_-]*(?:客户|用户|数据|公司|门店|customer|user|data)?[\s_-]*\d*|未知(?:客户|用户)?|不详|不明|"
    r"待补充|待完善|待定|待填|暂无|没有|无名|无|空|匿名|unknown|unnamed|none|null|undefined|anonymous|dummy|tbd|todo|x{2,}|"
    r"[\W\d_]*)\s*$"
)
_FORMS = re.compile(
    r"股份有限公司|有限责任公司|有限公司|股份公司|股份|\(集团\)|集团公司|集团|责任公司|公司(?!$)(?=分公司)|"
    r"\b(?:co\.?,?\s*ltd|ltd|limited|llc|inc|corp(?:oration)?|company|co|gmbh|plc)\b\.?"
)
_ADMINISTRATIVE = re.compile(
    r"(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|自治州|省|市|地区|盟|区|县)$"
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_NOT_A_WORD = re.compile(r"[\W_]+")
_TRADES = re.compile(
    r"商贸|贸易|科技|食品|实业|发展|服务|配送|超市|便利店|百货|商行|商店|电子|信息|技术|网络|文化|传媒|医药|餐饮|管理|咨询|"
    r"建筑|工程|装饰|材料|机械|设备|化工|服饰|服装|教育|物流|投资|企业|经营部|销售|供应链|国际|公司|酒店|饮品|日用品|生鲜|烟酒|"
    r"生活|酒楼|小卖部|副食店|副食|小店|连锁|"
    r"trading|technology|tech|foods?|services?|international|group|industries|store|shop|market"
)
_NUMBERS = re.compile(
    r"\d+|[一二三四五六七八九十]+(?=号|店|分|部|期|厂|区|路)|[东南西北中]+(?=店|区店|路店|城店)"
)
_BRANCH = re.compile(r"分公司|分店|支店|门店|店$")
_SHORT = 5


def says_nothing(name: str) -> bool:
    """Whether a placeholder stands where a name should: two of those are not one customer."""
    return PLACEHOLDER.match(name) is not None


def same_words(first: str, second: str) -> bool:
    """Whether two names are the very same, but for spaces, punctuation, width and case."""
    one, other = (_NOT_A_WORD.sub("", _folded(name)) for name in (first, second))
    return one == other


def place_named(name: str, places: frozenset[str]) -> str:
    """The province or city at the beginning of the name or in brackets; empty without one."""
    text = _folded(name)
    for found in _BRACKETS.finditer(text):
        if place_of(found[1]) in places:
            return place_of(found[1])
    plain = _NOT_A_WORD.sub("", text)
    return next((plain[:length] for length in range(5, 1, -1) if plain[:length] in places), "")


def core_of(name: str, places: frozenset[str] = frozenset(PROVINCES)) -> str:
    """The name without legal form, brackets, and the provinces and cities of `places` before it or in brackets."""
    text = _folded(name)
    text = _BRACKETS.sub(lambda found: "" if place_of(found[1]) in places else found[1], text)
    text = _NOT_A_WORD.sub("", _FORMS.sub("", text))
    while (rest := _without_place(text, places)) != text:
        text = rest
    return text


def place_of(text: str) -> str:
    """A province or city without what it is administered as: `浙江省` and `浙江` are one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return _ADMINISTRATIVE.sub("", plain) if len(plain) > 2 else plain


def _folded(name: str) -> str:
    """The name without differences of width and case."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _without_place(text: str, places: Collection[str]) -> str:
    """Without one province or city at the beginning, unless nothing would be left to know it by."""
    for length in range(5, 1, -1):
        head = text[:length]
        if head in places:
            rest = re.sub(r"^(?:省|市|区|县)", "", text[length:])
            return rest if len(rest) > 1 else text
    return text


def likeness(first: str, second: str) -> int:
    """How alike two cores of names are, in percent.

    0 where they cannot be one company: other numbers of branches, one a branch and the other not, or what is left
    without the words of their trade differs. Of short names one different character makes another company.
    """
    if first == second:
        return 100
    if _NUMBERS.findall(first) != _NUMBERS.findall(second) or bool(_BRANCH.search(first)) != bool(
        _BRANCH.search(second)
    ):
        return 0
    own, other = (_NUMBERS.sub("", _BRANCH.sub("", _TRADES.sub("", each))) for each in (first, second))
    if own != other and (min(len(own), len(other)) < _SHORT or fuzz.ratio(own, other) < 80):
        return 0
    return int(fuzz.ratio(first, second))
