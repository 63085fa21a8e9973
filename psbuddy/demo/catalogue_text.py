"""The catalogue of the demo fleet, as a person would have written it."""

from collections.abc import Mapping
from pathlib import Path

_HEAD = """\
# The demo fleet. Four applications of a large company; everything here may be changed.
hosts:
"""

_APPLICATIONS = r"""
applications:
  ledger:
    name: General Ledger
    owner: finance-apps
    runbook: https://wiki.example/ledger
    hosts: [led-app-1, led-app-2, led-db-1]
    every: 15s
    timezone: Europe/London
    logs:
      app:
        path: '@ROOT@/{host}/ledger/app.log'
        hosts: [led-app-1, led-app-2]
        history: @DAYS@d
        transactions: {pattern: 'took (?P<duration>\d+) ms', unit: ms, failed: 'rejected'}
      batch:
        path: '@ROOT@/{host}/ledger/batch.log'
        hosts: [led-db-1]
        history: @BATCH_DAYS@d
        transactions: false
    checks:
      service: {log: app, up: 'Started LedgerApplication', down: 'Stopping LedgerApplication'}
      runner: {log: batch, up: 'Batch runner ready', down: 'Batch runner stopping'}
      health: {http: 'http://127.0.0.1:@PORT@/health/ledger', hosts: [led-app-1]}
@SSHD@    jobs:
      day-close:
        log: batch
        start: 'DAY CLOSE started period=(?P<period>\d{4}-\d{2}-\d{2}) by=(?P<actor>\w+)'
        finish: 'DAY CLOSE finished records=(?P<volume>\d+)'
        fail: 'DAY CLOSE failed: (?P<reason>.*)'
        period: day
        schedule: {cron: '30 20 * * *', timezone: Europe/London}
        deadline: '22:30'
        rerun: after-failure
      week-close:
        log: batch
        start: 'WEEK CLOSE started period=(?P<period>\d{4}-W\d{2}) by=(?P<actor>\w+)'
        finish: 'WEEK CLOSE finished records=(?P<volume>\d+)'
        fail: 'WEEK CLOSE failed: (?P<reason>.*)'
        period: week
        schedule: {cron: '15 21 * * 5', timezone: Europe/London}
        deadline: '23:30'
        rerun: always
        after: [day-close]
      month-close:
        log: batch
        start: 'MONTH CLOSE started period=(?P<period>\d{4}-\d{2}) by=(?P<actor>\w+)'
        finish: 'MONTH CLOSE finished records=(?P<volume>\d+)'
        fail: 'MONTH CLOSE failed: (?P<reason>.*)'
        period: month
        schedule: {cron: '4 22 @CLOSE_DAY@ * *', timezone: Europe/London}
        deadline: '03:00'
        rerun: never
        after: [week-close]
    slos:
      postings: {good: '1 - failed/transactions', target: 97, window: 30d}

  shop:
    name: Web shop
    owner: shop-team
    runbook: https://wiki.example/shop
    hosts: [shop-app-1, shop-app-2, shop-app-3]
    every: 15s
    timezone: Europe/London
    logs:
      app: {path: '@ROOT@/{host}/shop/app.log', history: @DAYS@d, transactions: false}
      access:
        path: '@ROOT@/{host}/shop/access.log'
        history: @DAYS@d
        transactions: {duration: request_time}
    checks:
      service: {log: app, up: 'Started ShopApplication', down: 'Stopping ShopApplication'}
      health: {http: 'http://127.0.0.1:@PORT@/health/shop', expect: 200, hosts: [shop-app-1]}
    jobs:
      search-index:
        log: app
        start: 'search-index started by=(?P<actor>\w+)'
        finish: 'search-index finished articles=(?P<volume>\d+)'
        fail: 'search-index failed: (?P<reason>.*)'
        schedule: {cron: '10 */3 * * *', timezone: UTC}
      price-import:
        log: app
        start: 'price-import started for (?P<period>\d{4}-\d{2}-\d{2}) by=(?P<actor>\w+)'
        finish: 'price-import finished articles=(?P<volume>\d+)'
        fail: 'price-import failed: (?P<reason>.*)'
        period: day
        schedule: {cron: '40 4 * * *', timezone: Europe/London}
        deadline: '06:00'
    changes:
      deployment: {log: app, pattern: 'Starting shop version (?P<label>\S+)'}
    slos:
      requests: {good: '1 - failed/transactions', target: 99.5, window: 30d}

  orders:
    name: Order queue
    owner: order-platform
    runbook: https://wiki.example/orders
    hosts: [ord-app-1, ord-app-2]
    every: 15s
    timezone: Europe/London
    logs:
      app:
        path: '@ROOT@/{host}/orders/orders.json'
        history: @DAYS@d
        transactions: {duration: duration_ms, unit: ms}
    checks:
      service: {log: app, up: 'order queue ready', down: 'order queue stopping'}
      port: {port: @PORT@, hosts: [ord-app-1]}
    jobs:
      import-orders:
        log: app
        start: 'import-orders started by=(?P<actor>\w+)'
        finish: 'import-orders finished records=(?P<volume>\d+)'
        fail: 'import-orders failed: (?P<reason>[^"]*)'
        schedule: {cron: '@IMPORT_MINUTE@ * * * *', timezone: UTC}
    slos:
      orders: {good: '1 - failed/transactions', target: 99, window: 30d}

  merch:
    name: Merchandising
    owner: retail-it
    runbook: https://wiki.example/merch
    hosts: [mer-app-1]
    every: 15s
    timezone: America/New_York
    logs:
      app:
        path: '@ROOT@/{host}/merch/merch.log'
        history: @DAYS@d
        transactions: {pattern: 'set in store \d+ in (?P<duration>\d+) ms', unit: ms}
    checks:
      service: {log: app, up: 'merchd \S+ ready', down: 'merchd going down'}
    jobs:
      stock-extract:
        log: app
        start: 'stock-extract started for (?P<period>\d{4}-\d{2}-\d{2})'
        finish: 'stock-extract finished rows=(?P<volume>\d+)'
        fail: 'stock-extract failed: (?P<reason>.*)'
        period: day
        schedule: {cron: '10 2 * * *', timezone: America/New_York}
        deadline: '04:30'
        rerun: after-failure
"""

_SSHD_CHECK = "      remote-access: {process: sshd, min: 1, hosts: [led-db-1]}\n"


def catalogue_text(
    hosts: Mapping[str, Mapping[str, object]], root: Path, values: Mapping[str, object]
) -> str:
    """The YAML. `hosts`: entries by alias; `root`: folder that holds a folder for each host.

    `values`: DAYS, BATCH_DAYS, PORT (of the health server), CLOSE_DAY, IMPORT_MINUTE.
    """
    entries = "".join(f"  {alias}: {_flow(entry)}\n" for alias, entry in hosts.items())
    reached = any(entry.get("transport") != "local" for entry in hosts.values())
    text = _APPLICATIONS.replace("@SSHD@", _SSHD_CHECK if reached else "")
    text = text.replace("@ROOT@", str(root).replace("'", "''"))
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return _HEAD + entries + text


def _flow(entry: Mapping[str, object]) -> str:
    parts = (f"{key}: {_scalar(value)}" for key, value in entry.items())
    return "{" + ", ".join(parts) + "}"


def _scalar(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
