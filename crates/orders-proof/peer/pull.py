"""Pulls all orders of one vendor into SQLite, as somebody writes it in an afternoon: one connection, exact decimals, one
upsert an order, one commit a page. `cargo xtask bench pull` runs it beside the program; nothing else uses it.

    python3 pull.py clink|linkbest|shopline DATABASE      # the environment is what `orders sandbox` prints
"""

import hashlib
import http.client
import json
import os
import sqlite3
import sys
import time
import urllib.parse
from datetime import datetime
from decimal import Decimal


def setting(name):
    return os.environ[name]


class Vendor:
    """One kept connection to a vendor."""

    def __init__(self, base):
        self.base = urllib.parse.urlsplit(base)
        self.connection = http.client.HTTPConnection(self.base.netloc)

    def request(self, method, target, headers, body=None):
        self.connection.request(method, target, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            sys.exit(f"{target}: {answer.status} {text[:200]}")
        return json.loads(text, parse_float=Decimal), answer.headers


def clink():
    vendor = Vendor(setting("CLINK_BASE_URL"))
    page, total = 1, None
    while total is None or (page - 1) * 50 < total:
        headers = {"X-API-KEY": setting("CLINK_API_KEY"), "X-Timestamp": str(time.time_ns() // 1_000_000)}
        target = f"{vendor.base.path}order?pageNum={page}&pageSize=50"
        answer, _ = vendor.request("GET", target, headers)
        total = answer["total"]
        yield [
            (row["orderId"], row["status"], row["amountTotal"], row["paymentCurrency"], row["createTime"], row)
            for row in answer["rows"]
        ]
        page += 1


def linkbest():
    vendor = Vendor(setting("LINKBEST_BASE_URL"))
    key, secret = setting("LINKBEST_APP_KEY"), setting("LINKBEST_APP_SECRET")
    service = "linkbest.open-service.orders.query.get"
    since, until = (int(datetime.fromisoformat(setting(name)).timestamp()) for name in ("LINKBEST_SINCE", "LINKBEST_UNTIL"))
    for hour in range(since - since % 3600, until, 3600):
        page, rows = 1, None
        while rows is None or len(rows) == 200:
            body = json.dumps(
                {"Etime": str(hour + 3599), "Page": str(page), "PageSize": "200", "Stime": str(hour), "Timestamp": str(int(time.time()))},
                separators=(",", ":"),
            )
            sign = hashlib.md5(f"{secret}/{key}/{service}{body}{secret}".encode()).hexdigest().upper()
            target = f"{vendor.base.path}{key}/{service}?Sign={sign}"
            answer, _ = vendor.request("POST", target, {"Content-Type": "application/json"}, body)
            rows = answer["Data"]
            yield [(row["Id"], row["Status"], row["OrdersPrice"], row["Currency"], row["OrderTime"], row) for row in rows]
            page += 1


def shopline():
    vendor = Vendor(setting("SHOPLINE_BASE_URL"))
    headers = {
        "Authorization": f"Bearer {setting('SHOPLINE_ACCESS_TOKEN')}",
        "Content-Type": "application/json; charset=utf-8",
    }
    for archived in ("false", "true"):
        target = f"{vendor.base.path}admin/openapi/v20260301/orders.json?status=any&limit=100&hidden_order={archived}"
        while target:
            answer, links = vendor.request("GET", target, headers)
            yield [
                (row["id"], row["financial_status"], row["current_total_price"], row["currency"], row["created_at"], row)
                for row in answer["orders"]
            ]
            url, more, _ = (links["link"] or "").partition('>; rel="next"')
            target = urllib.parse.urlsplit(url.lstrip("<"))._replace(scheme="", netloc="").geturl() if more else None


def main():
    name, path = sys.argv[1:]
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute(
        "CREATE TABLE orders (provider, id, status, total, currency, created_at, raw, PRIMARY KEY (provider, id))"
    )
    for rows in {"clink": clink, "linkbest": linkbest, "shopline": shopline}[name]():
        for order, status, total, currency, created, row in rows:
            raw = json.dumps(row, default=str, ensure_ascii=False)
            database.execute(
                "INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)",
                (name, str(order), str(status), str(total), currency, str(created), raw),
            )
        database.commit()
    (count,) = database.execute("SELECT count(*) FROM orders").fetchone()
    print(count)


main()
