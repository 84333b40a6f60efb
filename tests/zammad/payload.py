"""What Zammad posts: the payload of its documentation, shortened to what a ticket is about, and signed as it signs.

https://admin-docs.zammad.org/en/latest/manage/webhook/payload.html
"""

import hashlib
import hmac
import json
from copy import deepcopy
from typing import Any

WHO = {
    "active": True,
    "created_by": "-",
    "created_by_id": 1,
    "out_of_office": False,
    "verified": False,
    "vip": False,
}
AGENT = {
    **WHO,
    "email": "chris@chrispresso.com",
    "firstname": "Christopher",
    "lastname": "Miller",
    "id": 3,
    "role_ids": [1, 2],
}
CUSTOMER = {
    **WHO, "address": "Bennelong Point\nSydney NSW 2000", "email": "emily@example.com", "firstname": "Emily", "lastname": "Adams", "id": 8,
    "login": "emily@example.com", "note": "did order café au lait, ask next time if the flavor was as expected",
    "organization": "Awesome Customer Inc.", "organization_id": 3, "phone": "0061 2 1234 7777", "roles": ["Customer"],
}  # fmt: skip
PAYLOAD: dict[str, Any] = {
    "ticket": {
        "article_count": 1, "article_ids": [104], "create_article_sender": "Customer", "create_article_type": "phone",
        "created_at": "2020-11-13T14:34:35.282Z", "created_by": AGENT, "customer": CUSTOMER, "customer_id": 8,
        "group": {"active": True, "id": 3, "name": "Service Desk", "users": ["chris@chrispresso.com", "emma@chrispresso.com"]},
        "id": 81, "last_contact_at": "2020-11-13T14:34:35.318Z", "number": "10081", "organization": {"id": 3, "name": "Awesome Customer Inc."},
        "owner": AGENT, "priority": {"id": 2, "name": "2 normal", "default_create": True}, "state": "closed", "state_id": 4,
        "ticket_time_accounting": [], "title": "Webhook-Test", "updated_at": "2020-11-13T14:34:35.333Z", "close_at": None,
    },
    "article": {
        "attachments": [{"id": 174, "filename": "image1.jpeg", "size": "35574", "preferences": {"Content-Type": "image/jpeg", "resizable": True}}],
        "body": "This is a simple Webhook Test.<div><br></div>", "content_type": "text/html", "created_by": AGENT,
        "from": "Emily Adams <emily@example.com>", "id": 104, "internal": False, "sender": "Customer", "ticket_id": 81, "to": "Service Desk",
        "type": "phone", "accounted_time": 0,
    },
}  # fmt: skip


def payload(state: str = "closed", number: str = "10081", **customer: Any) -> dict[str, Any]:
    said = deepcopy(PAYLOAD)
    said["ticket"].update(state=state, number=number)
    said["ticket"]["customer"].update(customer)
    return said


def body_of(said: Any) -> bytes:
    return json.dumps(said).encode()


def headers(body: bytes, secret: str, delivery: str) -> dict[str, str]:
    signature = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return {
        "Content-Type": "application/json", "User-Agent": "Zammad User Agent", "X-Zammad-Trigger": "closed",
        "X-Zammad-Delivery": delivery, "X-Hub-Signature": f"sha1={signature}",
    }  # fmt: skip
