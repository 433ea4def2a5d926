"""The words of a receipt, in each language, and how it writes amounts and times. The same for HTML and PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kosu.modules.billing.book_views import ReceiptView
from kosu.modules.billing.domain.receipts import ReturnKind
from kosu.money import ZERO_DECIMAL_CURRENCIES, Money

LANGUAGES = ("en", "ko")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    receipt: str
    number: str
    issued: str
    order: str
    paid: str
    seller: str
    buyer: str
    item: str
    price: str
    discount: str
    total: str
    tax: str
    remaining: str
    returns: Mapping[ReturnKind, str]


WORDS = {
    "en": Words(
        receipt="Receipt",
        number="Receipt no.",
        issued="Issued",
        order="Order no.",
        paid="Paid",
        seller="Seller",
        buyer="Buyer",
        item="Course",
        price="Price",
        discount="Discount",
        total="Total",
        tax="Tax included",
        remaining="Remaining",
        returns={
            ReturnKind.REFUND: "Refund",
            ReturnKind.CHARGEBACK: "Chargeback",
            ReturnKind.REVERSAL: "Payment taken back",
        },
    ),
    "ko": Words(
        receipt="영수증",
        number="영수증 번호",
        issued="발행일",
        order="주문 번호",
        paid="결제일",
        seller="판매자",
        buyer="구매자",
        item="강의",
        price="금액",
        discount="할인",
        total="합계",
        tax="부가세 포함",
        remaining="환불 후 금액",
        returns={
            ReturnKind.REFUND: "환불",
            ReturnKind.CHARGEBACK: "지불 거절",
            ReturnKind.REVERSAL: "결제 취소",
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Page:
    """A receipt as it is read, from top to bottom: names and values."""

    language: str
    title: str
    facts: tuple[tuple[str, str], ...]
    heads: tuple[str, str]
    lines: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str], ...]


def page(receipt: ReceiptView, language: str) -> Page:
    """The receipt in one of LANGUAGES. What there is nothing to say of is left out."""
    words = WORDS[language]
    facts = [
        (words.number, receipt.number),
        (words.issued, _time(receipt.issued_at)),
        (words.order, receipt.order_number),
        (words.paid, _time(receipt.paid_at)),
        (words.seller, receipt.seller_name),
        ("", receipt.seller_details),
        (words.buyer, receipt.buyer),
    ]
    sums = [(words.discount, money(-receipt.discount, language))] if not receipt.discount.is_free else []
    sums.append((words.total, money(receipt.total, language)))
    sums.append((words.tax, money(receipt.tax, language)))
    sums += [
        (f"{words.returns[part.kind]}, {_time(part.at)}", money(-part.amount, language)) for part in receipt.returns
    ]
    if receipt.returns:
        sums.append((words.remaining, money(receipt.remaining, language)))
    return Page(
        language=language,
        title=f"{words.receipt} {receipt.number}",
        facts=tuple((name, value) for name, value in facts if value),
        heads=(words.item, words.price),
        lines=tuple((line.title, money(line.price, language)) for line in receipt.lines),
        sums=tuple(sums),
    )


def money(amount: Money, language: str) -> str:
    """In figures and with the currency, e.g. `49,000 KRW`, `-1,234.56 USD` or `49,000원`."""
    sign, minor = ("-" if amount.amount_minor < 0 else ""), abs(amount.amount_minor)
    if amount.currency not in ZERO_DECIMAL_CURRENCIES:
        return f"{sign}{minor // 100:,}.{minor % 100:02} {amount.currency}"
    if (amount.currency, language) == ("KRW", "ko"):
        return f"{sign}{minor:,}원"
    return f"{sign}{minor:,} {amount.currency}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
