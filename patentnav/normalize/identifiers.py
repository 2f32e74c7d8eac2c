"""Publication and application numbers in one spelling, whatever the vendor wrote.

``publication_id`` is office code + number + kind code without separators (``CN110298449A``);
``application_id`` is office code + number without check digit (``CN201910593937``); international
applications are ``PCTCN2019123456``. Rules per office follow the DOCDB forms, with two exceptions
that keep every digit: US application publications have a seven-digit serial, and WO publications
year + six digits. A number has the code of a state or office that exists (WIPO ST.3).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import _resources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015/.,:()\[\]_#*]+")
_SHAPE = re.compile(r"^([A-Z]{2})([A-Z]{0,4}\d[A-Z\d]*?)([A-Z]\d?)?$")
_EXPONENT = re.compile(r"^(\d)(?:[.,](\d+))?E(\+?)(\d+)$", re.IGNORECASE)
_FLOAT = re.compile(r"^(\d+)\.(\d+)$")
_SHOWN = 5  # decimals that a spreadsheet shows of a large number; further ones were written exactly
_NOISE = 6  # decimals from which they may be those of a binary fraction
_LONGEST = 22  # characters of a number with office and kind code
_KIND = re.compile(r"^[A-Z]\d?$")
_CN_APPLICATION = re.compile(r"^(?:CN|ZL)?((?:19|20)\d{10}|\d{8})\.?([\dX])?$")
# Without office: a filing year and a type digit (CNIPA ZC 0006), and a check digit behind a dot.
_CN_DOTTED = re.compile(
    r"^(?:(?:19|20)\d{2}[1-389]\d{7}|(?:8[5-9]|9\d|0[0-3])[1-389]\d{5})\.[\dX]$"
)
_CN_BARE = re.compile(r"^(?:19|20)\d{2}[1-389]\d{7}$")
_PCT = re.compile(r"^(?:WO)?PCT([A-Z]{2})(\d{2}|\d{4})(\d{5,6})$")
_US_SERIAL = re.compile(r"^(?:US)?(\d{2})/(\d{3}),?(\d{3})$")
_YEAR_FIRST = re.compile(r"^((?:19|20)\d{2})([A-Z]{2})([A-Z]{0,2})(\d{4,9})$")
_LENS_ID = re.compile(r"^\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dX]$")  # of The Lens, of no office
_DATED = re.compile(r"(\s[A-Z]\d?)\s+(?:19|20)\d{6}$")
# Letters of an office's own before its numbers, which are also codes of states.
_OWN_LETTERS = {
    "US": re.compile(r"^(?:RE|AI|PP|RX)\d"), "BR": re.compile(r"^(?:PI|MU|MI|DI|UM)\d"),
}  # fmt: skip
_PARTS = r"^(?P<authority>[A-Z]{2}).*?(?:\d(?P<kind_code>[A-Z]\d?))?$"
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)

# Spelled already, and with no rule of their office left to apply: most values of most files.
PLAIN_PUBLICATION = (
    r"^(?:CN[1-9]\d{6,8}[A-Z]\d?|US(?:[1-9]\d{6,7}|20[0-2]\d{8})[A-Z]\d?|EP\d{7}[A-Z]\d"
    r"|WO(?:19[789]|20[0-2])\d{7}[A-Z]\d|JP20\d{8}[A-Z]\d?|DE\d{9,12}[A-Z]\d)$"
)
PLAIN_CN_APPLICATION = r"^CN(?:20\d{10})\.[\dX]$"


def is_damaged(text: str) -> bool:
    """Tell whether a spreadsheet turned a number into ``1.0202E+12``: its digits are lost."""
    return bool(_EXPONENT.match(as_typed(text)))


def as_typed(text: str) -> str:
    """Return a number as it was before a program took it for a decimal; other texts trimmed.

    The shortest decimal that gives the same binary number: ``1024582310000.0`` and
    ``201910000001.100006104`` lose what nobody wrote. An exponent goes where every digit is there;
    with six or more decimals but no sign (as Java writes) the rest are zeros.

    Examples
    --------
    >>> as_typed("1024582310000.0"), as_typed("201910000001.100006104")
    ('1024582310000', '201910000001.1')
    >>> as_typed("1.02458231E12"), as_typed("1.0202E+12")
    ('1024582310000', '1.0202E+12')
    """
    plain = text.strip()
    if not plain[:1].isdigit():
        return plain
    if found := _FLOAT.match(plain):
        whole, decimals = found[1], found[2]
        if not decimals.strip("0"):
            return whole
        short = repr(float(plain)) if len(decimals) >= _NOISE and whole[0] != "0" else plain
        return plain if "e" in short else short
    if found := _EXPONENT.match(plain):
        decimals, exponent = found[2] or "", int(found[4])
        if len(decimals) == exponent or (_SHOWN < len(decimals) < exponent < 16 and not found[3]):
            return found[1] + decimals.ljust(exponent, "0")
    return plain


@functools.cache
def offices() -> frozenset[str]:
    """Codes of states and offices (WIPO ST.3)."""
    return frozenset(row["code"] for row in _resources.load_csv("vocabularies", "st3"))


def _with_office(number: str, authority: str | None) -> str:
    """The number behind the office of its column, unless it begins with an office itself."""
    if authority is None:
        return number
    letters = _OWN_LETTERS.get(authority)
    has_its_own = number[:2] in offices() and not (letters and letters.match(number))
    return number if has_its_own else authority + number


def _is_no_number(plain: str) -> bool:
    """Whether a text that looks like a number is none: its digits are lost, or of no office."""
    return plain[:1].isdigit() and bool(_EXPONENT.match(plain) or _LENS_ID.match(plain))


def _shown(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return plain.strip().upper()


def _plain(text: str) -> str:
    return as_typed(_shown(text))


def check_digit(number: str) -> str:
    """Check digit of a Chinese application number (8 or 12 digits, without office code).

    Weights 2 to 9, then 2 to 5, from the left; sum modulo 11; ten is written X (CNIPA, ZC 0006).

    Examples
    --------
    >>> check_digit("201710601862"), check_digit("95115608")
    ('3', 'X')
    """
    rest = sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) % 11
    return "X" if rest == 10 else str(rest)


def publication_id(text: str, kind: str | None = None, authority: str | None = None) -> str | None:
    """Return the one spelling of a publication number, or None where it is none.

    Parameters
    ----------
    text
        The number as a vendor writes it.
    kind
        Kind code from another column, used where the number has none.
    authority
        Office code from another column, used where the number has none.

    Examples
    --------
    >>> publication_id("US 2011/0185700 A1"), publication_id("CN-107195962-B")
    ('US20110185700A1', 'CN107195962B')
    >>> publication_id("US2009196801", kind="A1"), publication_id("WO9912345", kind="A1")
    ('US20090196801A1', 'WO1999012345A1')
    """
    plain = _plain(text)
    if _is_no_number(plain):
        return None
    if " " in plain:
        plain = _DATED.sub(r"\1", plain)
    plain = _with_office(_SEPARATORS.sub("", plain), authority)
    found = _SHAPE.match(plain)
    if not found or len(plain) > _LONGEST or found[1] not in offices() or plain.startswith("PCT"):
        return None
    office, number, own_kind = found[1], found[2], found[3] or ""
    if not own_kind and kind and _KIND.match(kind.strip().upper()):
        own_kind = kind.strip().upper()
    return f"{office}{_number(office, number, own_kind)}{own_kind}"


def _number(office: str, number: str, kind: str) -> str:
    rule = _OFFICE_RULES.get(office)
    return rule(number, kind) if rule else number


def _us(number: str, _kind: str) -> str:
    if found := re.match(r"^(D|RE|PP|H|T|AI|RX)0*(\d+)$", number):
        return found[1] + found[2]
    if re.match(r"^20[0-2]\d{7}$", number):  # the zero after the year was dropped
        return number[:4] + "0" + number[4:]
    return number if re.match(r"^20[0-2]\d{8}$", number) else number.lstrip("0")


def _wo(number: str, _kind: str) -> str:
    if re.match(r"^(?:19|20)\d{8}$", number) or not number.isdigit():
        return number
    if len(number) in {7, 8}:  # two-digit year + five or six digits
        year = ("19" if int(number[:2]) >= 70 else "20") + number[:2]
        return year + number[2:].zfill(6)
    return number[:4] + number[4:].zfill(6) if len(number) == 9 else number


def _jp(number: str, kind: str) -> str:
    if found := re.match(r"^(HEI|SHO|H|S)(\d{1,2})(\d{6})$", number):
        return found[1][0] + found[2].zfill(2) + found[3]
    if found := re.match(r"^(19\d{2})(\d{6})$", number):  # DOCDB writes the era before 2000
        year = int(found[1])
        if year >= 1989:
            return f"H{year - 1988:02d}{found[2]}"
        if year >= 1926:
            return f"S{year - 1925:02d}{found[2]}"
    return number.lstrip("0") if kind.startswith("B") and number.isdigit() else number


def _kr(number: str, kind: str) -> str:
    """Publications are year + serial; grants the kind of right (10, 20, 30) and seven digits."""
    filed = _kr_filed(number)
    if kind[:1] in {"A", "U"}:  # year and seven digits; some sources drop the zero after the year
        return filed[:4] + "0" + filed[4:] if _KR_SHORT.match(filed) else filed
    if re.match(r"^[1-3]0\d{7}0000$", number):  # a grant with its four zeros
        return number[:9]
    right = _KR_RIGHTS.get(kind[:1])
    return right + number.zfill(7) if right and re.match(r"^\d{5,7}$", number) else filed


def _kr_filed(number: str) -> str:
    # 10 patent, 20 utility model, 30 design before a year: not part of the DOCDB number
    return number[2:] if re.match(r"^[1-4]0(?:19|20)\d{9}$", number) else number


_KR_SHORT = re.compile(r"^(?:199\d|20[0-2]\d)\d{6}$")
_KR_RIGHTS = {"B": "10", "Y": "20", "S": "30"}


def _cn(number: str, _kind: str) -> str:
    return number.lstrip("0") if number.isdigit() else number


def _ep(number: str, _kind: str) -> str:
    return number.zfill(7) if number.isdigit() else number


_OFFICE_RULES: dict[str, Callable[[str, str], str]] = {
    "US": _us, "WO": _wo, "JP": _jp, "KR": _kr, "EP": _ep, "CN": _cn,
}  # fmt: skip


def application_id(text: str, authority: str | None = None) -> str | None:
    """Return the one spelling of an application number, or None where it is none.

    Examples
    --------
    >>> application_id("CN201910593937.7"), application_id("CN95115608.X")
    ('CN201910593937', 'CN95115608')
    >>> application_id("PCT/BR2013/000094"), application_id("US 201815950587 A")
    ('PCTBR2013000094', 'US15950587')
    >>> application_id("15/259,754"), application_id("2017CN-1101291")
    ('US15259754', 'CN201711101291')
    """
    plain = _plain(text)
    if _is_no_number(plain):
        return None
    if (
        authority in {None, "CN"}
        and plain[:1].isdigit()
        and _CN_DOTTED.match(shown := _shown(text))
    ):
        plain = shown  # a check digit 0 is no decimal
    bare = _SEPARATORS.sub("", plain)
    if special := _of_its_own_form(plain, bare, authority):
        return special
    bare = _with_office(bare, authority)
    found = _SHAPE.match(bare)
    if not found or len(bare) > _LONGEST or found[1] not in offices():
        return None
    return _application(found[1], found[2], found[3] or "")


def _of_its_own_form(plain: str, bare: str, authority: str | None) -> str | None:
    """Numbers that one office, or one kind of source, writes as no other does."""
    dotted = plain.replace(" ", "").replace("-", "")
    if authority in {None, "CN"} or dotted.startswith(("CN", "ZL")):
        found = _CN_APPLICATION.match(dotted)
        stated = dotted[:2] in {"CN", "ZL"} or authority == "CN"
        if found and (stated or _CN_DOTTED.match(dotted)):
            return f"CN{found[1]}"
    if found := _PCT.match(bare):
        year = found[2] if len(found[2]) == 4 else _century(found[2])
        return f"PCT{found[1]}{year}{found[3].zfill(6)}"
    slashed = "/" in plain and authority in {None, "US"}
    if slashed and (found := _US_SERIAL.match(plain.replace(" ", ""))):
        return f"US{found[1]}{found[2]}{found[3]}"
    if bare[:1].isdigit() and (found := _YEAR_FIRST.match(bare)) and found[2] in offices():
        return _year_first(found[2], found[1], found[3], found[4])
    return None


def _century(year: str) -> str:
    return ("19" if int(year) >= 70 else "20") + year


def _year_first(office: str, year: str, letters: str, serial: str) -> str:
    """Numbers that begin with the year, as Questel writes them: ``2017CN-1101291``.

    Serials have seven digits, with a zero in front where an office has six; the type digit of
    Chinese inventions is left out, that of other Chinese applications is not.
    """
    short = serial[1:] if len(serial) == 7 and serial[0] == "0" else serial
    if office == "WO":
        return f"PCT{letters}{year}{serial.zfill(6)}"
    if office == "CN" and int(year) < 2003:  # two-digit year, type digit and five digits
        return f"CN{year[2:]}{short}"
    if office == "CN" and len(serial) == 7:
        return f"CN{year}1{serial}"
    if office == "US" and len(serial) == 8:  # series code and serial number
        return f"US{serial}"
    if office == "EP":
        return f"EP{year[2:]}{short}"
    return f"{office}{letters}{year}{serial if office in {'CN', 'KR'} else short}"


def _application(office: str, number: str, kind: str) -> str:
    if kind.startswith("W") and (found := re.match(r"^((?:19|20)\d{2})(\d{5,7})$", number)):
        return f"PCT{office}{found[1]}{int(found[2]):06d}"
    if office == "WO" and (found := re.match(r"^((?:19|20)\d{2})([A-Z]{2})(\d{5,6})$", number)):
        return f"PCT{found[2]}{found[1]}{found[3].zfill(6)}"
    if office == "WO" and (found := re.match(r"^([A-Z]{2})(\d{2})(\d{6})$", number)):
        return f"PCT{found[1]}{_century(found[2])}{found[3]}"
    if office == "US" and re.match(r"^(?:19|20)\d{10}$", number):
        number = number[4:]  # DOCDB puts the year before series code and serial number
    elif office == "EP" and re.match(r"^(?:19|20)\d{2}0\d{6}$", number):
        number = number[2:4] + number[5:]  # epodoc: four-digit year and a zero
    elif office == "EP" and re.match(r"^(?:19|20)\d{8}$", number):
        number = number[2:]  # four-digit year and six digits
    elif office == "EP" and re.match(r"^\d{9}$", number):
        number = number[:8]
    elif office == "CN" and re.match(r"^(?:19|20)\d{11}$", number):
        number = number[:12]
    elif office == "KR":
        number = _kr_filed(number)
    return f"{office}{number}"


def publication_ids(
    numbers: pd.Series,
    kinds: pd.Series | None = None,
    authorities: pd.Series | None = None,
) -> pd.Series:
    """Publication numbers in one spelling.

    Parameters
    ----------
    numbers
        Numbers as vendors write them.
    kinds, authorities
        Kind codes and office codes on the same index, for numbers that lack them.

    Returns
    -------
    pandas.Series
        Same index, dtype str; missing where the text is no publication number.
    """
    result = numbers.astype("str")
    rest = result[result.notna() & ~result.str.match(PLAIN_PUBLICATION, na=False)]
    if rest.empty:
        return result
    parts = pd.DataFrame({"number": rest})
    parts["kind"] = None if kinds is None else kinds.reindex(rest.index)
    parts["authority"] = None if authorities is None else authorities.reindex(rest.index)
    parts = parts.astype(object).where(parts.notna(), None)
    spelled = [
        publication_id(n, k, a)
        for n, k, a in zip(parts["number"], parts["kind"], parts["authority"], strict=True)
    ]
    result = result.copy()
    result.loc[rest.index] = pd.Series(spelled, index=rest.index, dtype="str")
    return result


def application_ids(numbers: pd.Series, authorities: pd.Series | None = None) -> pd.Series:
    """Application numbers in one spelling.

    Parameters
    ----------
    numbers
        Numbers as vendors write them.
    authorities
        Office codes on the same index, for numbers that lack one.

    Returns
    -------
    pandas.Series
        Same index, dtype str; missing where the text is no application number.
    """
    result = numbers.astype("str")
    dotted = result.str.match(PLAIN_CN_APPLICATION, na=False)
    result = result.where(~dotted, result.str.slice(0, 14))
    rest = result[result.notna() & ~dotted]
    if rest.empty:
        return result
    if authorities is None:
        known = {text: application_id(text) for text in rest.unique()}
        if any(spelled is None for spelled in known.values()):
            known |= _without_zero(known)
        spelled = rest.map(known).astype("str")
    else:
        offices = authorities.reindex(rest.index).astype(object)
        offices = offices.where(offices.notna(), None)
        values = [application_id(n, a) for n, a in zip(rest, offices, strict=True)]
        spelled = pd.Series(values, index=rest.index, dtype="str")
    result = result.copy()
    result.loc[rest.index] = spelled
    return result


def _without_zero(known: Mapping[str, str | None]) -> dict[str, str]:
    """Chinese numbers whose check digit 0 a spreadsheet dropped, in a column that has others."""
    dotted = sum(bool(_CN_DOTTED.match(as_typed(text))) for text in known)
    bare = [text for text, spelled in known.items() if spelled is None and _CN_BARE.match(text)]
    if 2 * dotted < len(known):
        return {}
    return {text: f"CN{text}" for text in bare if check_digit(text) == "0"}


def parts(publication_ids: pd.Series) -> pd.DataFrame:
    """Split canonical publication ids into ``authority`` and ``kind_code`` (missing where none)."""
    found = pc.extract_regex(pa.array(publication_ids.array, pa.large_string()), _PARTS)
    columns = {}
    for position, name in enumerate(("authority", "kind_code")):
        part = pc.struct_field(found, [position])
        part = pc.if_else(pc.equal(pc.binary_length(part), 0), None, part)
        columns[name] = pd.Series(pd.array(part, dtype="str"), index=publication_ids.index)
    return pd.DataFrame(columns)
