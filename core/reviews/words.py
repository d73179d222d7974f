"""What reviews say in a reader's words: figures with their units, days, codes as labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

from core.amounts import from_units, to_units
from core.language import Message, mark, translate
from core.measures.catalogue import MEASURES
from core.reviews.document import Figure, MeasureLine, Move

NOTHING = "–"
_SYMBOLS = {"CNY": "¥"}  # CLDR writes CN¥ in English; within one company the short sign is clear
_PLACES = {"share": 1, "mean": 2, "amount": 0, "cost": 0}
_MONEY = ("amount", "cost")
_POINTS = mark("{points} pp")
_MINUS = "−"


@lru_cache(maxsize=8)
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@lru_cache(maxsize=5_000)
def _decimal(value: Decimal, pattern: str, code: str) -> str:
    # Babel takes long for a figure, and the same ones are written at every look.
    return numbers.format_decimal(value, format=pattern, locale=_locale(code))


@dataclass(frozen=True)
class Speaker:
    """Writes for one reader. Values are ten-thousandths of the unit that the `kind` of a measure has."""

    language: str
    currency: str
    zone: str

    def say(self, sentence: str, **values: object) -> str:
        return translate(Message(sentence, values), self.language)

    def label(self, labels: Mapping[str, str], code: str) -> str:
        """The label of a code; an unknown one is shown as it is."""
        return self.say(labels[code]) if code in labels else code

    def measure(self, code: str) -> str:
        """What the measure is called."""
        return self.say(MEASURES[code].label) if code in MEASURES else code

    def line(self, line: MeasureLine) -> str:
        """What a line is called: the measure, and whose cases it counts where these are not the month's."""
        if line.entered is None:
            return self.measure(line.code)
        return self.say(
            mark("{measure} (entered in {month})"),
            measure=self.measure(line.code),
            month=self.month(line.entered),
        )

    def number(self, value: int | Decimal, digits: int = 0) -> str:
        """`12,345`; rounded half up, as the tables of the pages do it."""
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        return _decimal(rounded, "#,##0" + ("." + "0" * digits if digits else ""), self.language)

    @property
    def money_sign(self) -> str:
        sign = _SYMBOLS.get(self.currency)
        return sign or str(numbers.get_currency_symbol(self.currency, locale=_locale(self.language)))

    def value(self, kind: str, units: int | None) -> str:
        """`93.1%`, `¥1,500`, `4.25`."""
        if units is None:
            return NOTHING
        plain = from_units(units)
        if kind == "share":
            return self.number(plain * 100, _PLACES[kind]) + "%"
        sign = _MINUS if plain < 0 else ""
        written = self.number(abs(plain), _PLACES[kind])
        return sign + (self.money_sign if kind in _MONEY else "") + written

    def figure(self, code: str | None, value: float | None) -> str:
        """The value of that measure as it was worked out: a share, a score, or currency units."""
        if value is None or code not in MEASURES:
            return NOTHING
        return self.value(MEASURES[code].kind, to_units(Decimal(str(value))))

    def interval(self, kind: str, low: int | None, high: int | None) -> str:
        """`90.2%–95.4%`."""
        return NOTHING if low is None or high is None else f"{self.value(kind, low)}–{self.value(kind, high)}"

    def figure_interval(self, kind: str, figure: Figure) -> str:
        return self.interval(kind, figure.low, figure.high)

    def difference(self, kind: str, units: int) -> str:
        """`+2.3 pp` of a share, `−¥120`; always with its sign."""
        share = kind == "share"
        shown = (
            self.number(from_units(abs(units)) * 100, _PLACES[kind])
            if share
            else self.value(kind, abs(units))
        )
        # What rounds to nothing goes neither up nor down.
        sign = ("+" if units > 0 else _MINUS) if any(digit in "123456789" for digit in shown) else "±"
        return self.say(_POINTS, points=sign + shown) if share else sign + shown

    def move(self, kind: str, move: Move | None) -> str:
        """The change with whether it is more than chance: `+2.3 pp · real`."""
        if move is None:
            return NOTHING
        return f"{self.difference(kind, move.difference)} · {self.chance(move)}"

    def chance(self, move: Move) -> str:
        if move.real is None:
            return self.say(mark("cannot be told"))
        return self.say(mark("real")) if move.real else self.say(mark("noise"))

    def month(self, month: date) -> str:
        """`June 2026`, `2026年6月`."""
        return str(dates.format_skeleton("yMMMM", month, locale=_locale(self.language)))

    def day(self, day: date) -> str:
        return str(dates.format_date(day, "medium", locale=_locale(self.language)))

    def moment(self, instant: datetime) -> str:
        """Day and minute in the business time zone."""
        local = instant.astimezone(ZoneInfo(self.zone))
        return f"{self.day(local.date())} {local:%H:%M}"

    def listed(self, words: Iterable[str]) -> str:
        return ("、" if self.language.startswith("zh") else ", ").join(words)
