"""The formats a catalogue may name. Written by
`python -m psbuddy.catalogue.formats`.
"""

# fmt: off
FORMATS = (
    "access", "android", "apache error", "auditd", "automic", "autosys", "bars", "bind",
    "cassandra", "clickhouse", "cluster", "cmtrace", "cockroach", "columns", "compose", "container",
    "control-m", "couchbase", "cups", "daemontools", "db2", "dotnet", "dotnet console", "dpkg",
    "dropwizard", "elasticsearch", "elb", "elixir", "env_logger", "envoy", "erlang", "error log",
    "etcd", "garbage collector", "glassfish", "glog", "go log", "hadoop", "hadoop daemon",
    "haproxy", "hdfs", "icinga", "informatica", "iso", "java util logging", "journal text", "json",
    "kafka", "kernel", "log4j", "log4j pattern", "log4j time only", "log4j ttcc", "logback",
    "logcat", "logcat brief", "logcat long", "logfmt", "logrus", "loguru", "macos", "mainframe",
    "mongodb", "monit", "mysql error", "mysql slow", "network syslog", "nginx error",
    "oracle alert", "oracle xml", "php", "php-fpm", "postgresql", "postgresql csv", "program dash",
    "python", "python default", "rabbitmq", "rails", "redis", "ruby logger", "rundeck", "s3 access",
    "sap hana", "sap list", "sap trace", "spring boot", "sql server", "squid", "squid cache",
    "sybase", "syslog", "syslog 5424", "telegraf", "tibco", "tidb", "timestamp", "tomcat",
    "tornado", "traefik", "unbound", "uvicorn", "vpc flow", "w3c", "weblogic", "websphere",
    "wildfly", "windows events", "windows installer", "windows servicing", "winston",
    "z/os job log", "z/os syslog", "zabbix", "zap console", "zookeeper",
)
