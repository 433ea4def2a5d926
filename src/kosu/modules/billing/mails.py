"""What billing writes to people, in their language."""

from __future__ import annotations

RECEIPT = {
    "en": (
        "Your receipt {number}",
        (
            "Hello {name},\n\nthank you for your order {order} of {total}: {titles}.\n\n"
            "Your receipt {number}, to read and to print:\n\n{link_base}/receipt/{order_id}\n\nKosu\n"
        ),
    ),
    "ko": (
        "영수증 {number}",
        (
            "{name}님, 안녕하세요.\n\n주문 {order} ({total})을 결제해 주셔서 감사합니다: {titles}\n\n"
            "영수증 {number}은 아래에서 확인하고 인쇄할 수 있습니다.\n\n{link_base}/receipt/{order_id}\n\nKosu\n"
        ),
    ),
}
