"""Secrets in the syntaxes of real logs, each with the part that must not leave, and texts that
only look like them."""

_WORD = "k4n4ry-S3cr3t"
_PLAIN_WORD = "kanarienvogel"
_AFTER_KEY = [
    "password={}", "db.password = {}", "PASSWORD: {}", "pwd={}&x=1", "passwd:{}", "passwd: {}",
    "user=jane password='{}' host=db", 'user=jane password="{}" host=db', "pass={} next",
    "spring.datasource.password={}", "PGPASSWORD={} psql", "MYSQL_PWD={}", "DB_PASS={}",
    '{{"password":"{}"}}', '{{"password": "{}", "user": "jane"}}', "{{'password': '{}'}}",
    '{{"apiKey": "{}"}}', '{{\\"password\\":\\"{}\\"}}', '{{"user":{{"newPassword":"{}"}}}}',
    "passwordHash={}", "password_confirmation={}", "old_password: {}", "new-password: {}",
    "<password>{}</password>", "<db:password enc='no'>{}</db:password>", "<Secret>{}</Secret>",
    '<property name="password" value="{}"/>', "client_secret='{}'", "client_secret={}&grant=x",
    "secret: {}", "AWS_SECRET_ACCESS_KEY={}", "aws_secret_access_key = {}", "secretKey: {}",
    "access_token => {}", "access_token={}", "refresh_token={}&x", "id_token={}", "token={}",
    "X-Auth-Token: {}", "X-Api-Key: {}", "x-csrf-token: {}", "api_key={}", "apikey={}",
    "?api-key={}&page=2", "GET /a?token={} HTTP/1.1", "GET /a?q=1&access_token={} HTTP/1.1",
    "password%3D{}%26user%3Djane", "Server=db;User Id=sa;Password={};Timeout=3",
    "AccountName=x;AccountKey={};EndpointSuffix=y", "SharedAccessKey={}", "private_key: {}",
    "encryption_key={}", "signing_key={}", "MASTER_KEY={}", "passphrase: {}", "Kennwort: {}",
    "JSESSIONID={}", "PHPSESSID={}; path=/", "session_id={}", "sessionId: {}", "sid={}",
    "connect.sid={}", "xsrf={}", "signature={}", "sig={}&se=2026", "credentials: {}",
    "curl --token {} -v", "tool --password {} --user jane", "tool --password={} x",
    "tool --db-password {} x", "tool -password {} x", '["tool", "--password", "{}"]',
    "mysql -u root -p{} db", "mysqldump -u root -p {} db", "sshpass -p {} ssh host", "run -p {} x",
    "redis-cli -a {} ping", "curl -u jane:{} http://x/", "curl --user jane:{} http://x/",
    "Authorization: Bearer {}", "authorization=Basic {}", '"authorization":"Bearer {}"',
    "Authorization: Digest username=\"jane\", response={}", "Proxy-Authorization: Basic {}",
    "headers={{Authorization=[Bearer {}]}}", "-H 'Authorization: token {}'", "Authorization: {}",
    "got bearer {} from client", "Set-Cookie: sid={}; Path=/", "Cookie: a=1; b={}",
    "cookie=session={}", '"cookie":"a={}; b=2"', "ALTER USER x IDENTIFIED BY {}",
    "create user x identified by '{}' on y", "postgres://user:{}@host/db",
    "mongodb+srv://user:{}@cluster0.x.net/db", "redis://:{}@host:6379/0", "amqp://u:{}@mq//",
    "http://jane:{}@proxy:8080", "jdbc:oracle:thin:scott/{}@host:1521/x", "sqlplus scott/{}@orcl",
    "root:{}@tcp(127.0.0.1:3306)/db", "user jane:{}@db:5432 refused", "MY_SECRET=\"{} and spaces\"",
    "password = {}, user = jane", "Config(user=jane, password={})", "login{{pw=1, password={}}}",
    "password:={}", "password=={}", "auth={}", "vault.secret.value={}", "secret[0]={}",
]  # fmt: skip
_BY_SHAPE = [
    "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "ghp_" + "a1B2" * 9, "gho_" + "c3D4" * 9,
    "github_pat_" + "a1B2c3" * 8, "xoxb-1234567890-abcdefABCDEF", "xapp-1-A012-3456-abcdef",
    "sk-proj-" + "aB3d" * 8, "sk_" + "live_" + "aB3d" * 6, "rk_" + "test_" + "aB3d" * 6,
    "whsec_" + "aB3d" * 8, "glpat-" + "aB3d" * 5, "AIza" + "aB3dE" * 7, "ya29." + "aB3d" * 10,
    "SG." + "aB3d" * 5 + "." + "eF4g" * 8, "npm_" + "aB3d" * 9,
    "pypi-AgEIcHlwaS5vcmc" + "aB3d" * 8,
    "hvs." + "aB3d" * 8, "dop_v1_" + "a1b2" * 16, "shpat_" + "a1b2" * 8,
    "123456789:AA" + "aB3_x" * 7,
    "hooks.slack.com/services/T0001/B0001/aB3daB3daB3d",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "4111 1111 1111 1111", "4111111111111111", "4111-1111-1111-1111", "5500 0000 0000 0004",
    "5500000000000004", "340000000000009", "3400 000000 00009", "6011000000000004",
    "30000000000004", "3530111333300000", "2223003122003222",
    "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19",
    "FR1420041010050500013M02606", "NL91ABNA0417164300",
    "jane.doe@example.com", "jane+tag@mail.example.co.uk", "jane_doe@sub.example.org",
    "jane%40example.com", "j\u00f6rg@example.de",
]  # fmt: skip
_AROUND = ["before {} after", "value={}", '{{"x":"{}"}}', "({})", "for {}."]
#: (text, what must not leave).
PLANTED = (
    [(text.format(_WORD), _WORD) for text in _AFTER_KEY]
    + [(text.format(_PLAIN_WORD), _PLAIN_WORD) for text in _AFTER_KEY[:60]]
    + [
        (around.format(secret), secret)
        for number, secret in enumerate(_BY_SHAPE)
        for around in (_AROUND[0], _AROUND[1 + number % 4])
    ]
    + [("SSN 078-05-1120 given", "078-05-1120"), ("pin=4711", "4711"), ("otp: 123456", "123456")]
)

_BEFORE = [
    "password reset requested", "password policy: strict", "password is incorrect",
    "Invalid password for user jane", "password expired: yes", "password_length=12",
    "password: required", "password must not be empty", "passwords do not match",
    "tokens=512", "prompt tokens: 1024", "token expired", "Unexpected token: semicolon",
    "Unexpected token } in JSON at position 12", "token bucket refilled", "token_type=bearer",
    "tokenizer loaded", "secret manager is ready", "java.lang.SecretException: no",
    "secretary assigned to board", "2 secrets loaded", "secrets: 3", "key=17 value=3",
    "primary key violated: orders_pk", "duplicate key value violates constraint \"orders_key\"",
    "keyspace orders created", "keystore loaded from /etc/ssl/store.jks", "apikeys listed",
    "basic authentication enabled", "basic configuration loaded", "bearer authentication failed",
    "bearer of news", "authorization failed for user jane", "Authorization denied",
    "authorization: denied", "cookie accepted", "cookies are disabled", "cookie: none",
    "session started", "session 12 closed", "session timeout: 30 min", "signature verified",
    "signature is invalid", "pin 17 is high", "GPIO pin: 5", "passing 3 of 4 tests",
    "pass 2 of 3", "compass bearing north", "bypass=true", "passed=12 failed=0", "sid lookup slow",
    "mkdir -p /var/lib/x", "docker run -p 8080:80 nginx", "ssh -p 2222 host", "iptables -p tcp",
    "nc -p 99 host", "ps -p 4711 ended", "tar -xpf a.tar", "ls -a done", "useradd -u 1000 jane",
    "order 1234567890123456 placed", "order 4111111111111112 placed",
    "trace 550e8400-e29b-41d4-a716-446655440000", "span 00f067aa0ba902b7",
    "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709", "md5 d41d8cd98f00b204e9800998ecf8427e",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "epoch 1795536000123456789", "epoch 1795536000123", "account 0012345678", "phone 555-0199",
    "phone +1 202 555 0199", "AB12CDEF34560000TT", "part XK99 0000 1111 2222", "ref DE12ABCD3456",
    "2026-11-24 10:00:00", "2026-11-24T10:00:00.123456Z", "10.0.0.1:8080 refused",
    "fe80::1ff:fe23:4567:890a", "00:1A:2B:3C:4D:5E", "version 1.2.3-rc4+build5",
    "http://host:8080/path?x=1", "https://example.com/a/b?page=2&size=50", "jdbc:h2:mem:test",
    "https://example.com:443/users/17/orders", "ftp://mirror.example.org/pub/x.tar.gz",
    "git@github.com:org/repo.git", "image nginx@sha256:abcdef", "lodash@4.17.21 installed",
    "java.lang.Object@1b6d3586", "com.shop.Order@7f31245a closed", "user@host login", "a @ b",
    "@Override missing", "decorator @cached used", "mail to jane at example.com",
    "at com.shop.PasswordService.check(PasswordService.java:12)",
    "at com.shop.TokenFilter.doFilter(TokenFilter.java:99)",
    "java.net.ConnectException: Connection refused (Connection refused)",
    "Caused by: java.sql.SQLException: ORA-00001: unique constraint (SHOP.PK) violated",
    "GET /orders/17 HTTP/1.1 200 12ms", "POST /login HTTP/1.1 401", "GET /secrets HTTP/1.1 404",
    "GET /reset-password HTTP/1.1 200", "GET /.well-known/jwks.json HTTP/1.1 200",
    "took 12 ms for 3 rows", "12 of 4000 done (0.3%)", "heap 512M of 2048M used",
    "rate=0.25 burst=10", "a=b c=d e=f", "x: y, z: w", "[main] INFO ready", "state: RUNNING",
    "select * from orders where id = 17", "update users set name = 'x' where id = 3",
    "insert into t(a,b) values (1,2)", "drop index orders_token_idx", "lock wait timeout exceeded",
    "cron.daily done", "0x7ffee3b0 in ?? ()", "exit code 137", "signal 11", "pid 4711 started",
    "thread-17 idle", "disk /dev/sda1 91% full", "C:\\Program Files\\App\\log.txt missing",
    "/var/log/app/app.log rotated", "/etc/passwd read", "cat /etc/shadow denied", "uid=0(root)",
]  # fmt: skip
_NAMES = ["orders", "billing", "ledger", "search", "mail", "cache", "queue", "gateway"]
_FORMS = [
    "{} service started on port 8081",
    "{} took 1234 ms",
    "{}: 17 items in 3 batches",
    "connection to {}-db-1:5432 lost, retrying in 5 s",
    "{} worker 3 of 8 is idle",
    "retry 2/5 for {} after timeout",
    "{} replica lag 12.5 s",
    "loaded 42 rules for {}",
    "{} index rebuilt in 00:12:31",
    "no consumer for {} since 10:00",
    "{} cache hit ratio 0.93",
]
HARMLESS = _BEFORE + [form.format(name) for form in _FORMS for name in _NAMES]
