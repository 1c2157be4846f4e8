"""Values as people read them."""

from bot.weekly.sample import Sample

_MONEY = "US$"


def text_of(value: float, unit: str) -> str:
    """`4.2 h`, `63%`, `US$ 1.20`, `120 lines`, `12.5`. Big numbers have a comma between thousands."""
    if unit == "%":
        return f"{value:.0%}"
    if unit == _MONEY:
        return f"{_MONEY} {value:,.2f}" if value >= 0.1 or value == 0 else f"{_MONEY} {value:.4f}"
    number = plain(value)
    return f"{number} {unit}" if unit else number


def plain(value: float) -> str:
    """With one digit after the point where that says anything: `4.2`, `12`, `152`."""
    rounded = round(value, 1) if abs(value) < 100 else round(value)
    return f"{rounded:,.0f}" if rounded == round(rounded) else f"{rounded:,.1f}"


def said(sample: Sample, unit: str) -> str:
    """The value, or in two words why there is none; `why` of the sample tells the rest."""
    if sample.value is None:
        return sample.why.partition(":")[0]
    return text_of(sample.value, unit)
