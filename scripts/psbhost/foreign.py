"""Whose code a frame of a stack trace is: the application's, generated, a framework's, a runtime's.

`best` picks the frame that names a cause: the first of the application; where there is none,
the first of its generated code, of a framework, of the language's own runtime.
"""

import re

from psbhost.lazily import Expression

OWN, GENERATED, FRAMEWORK, RUNTIME = range(4)

_RUNTIME_NAME = Expression(
    r"(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|kotlinx|scala|clojure|groovy\.lang"
    r"|org\.(?:codehaus\.groovy|apache\.groovy)|dalvik|android\.os|com\.android\.internal"
    r"|System|lambda_method|lambda_method\d+|runtime|panic|internal|syscall|testing|sync|reflect"
    r"|core|std|alloc|rust_begin_unwind|__rust\w*|_start|__libc_start\w*|_Unwind\w*"
    r"|raise|abort|__GI_\w+|__cxa_\w+|__assert\w*|clone|start_thread)(?=[./:<(@\s]|$)"
)
_FRAMEWORK_NAME = Expression(
    r"(?:akka|reactor|rx|zio|cats|play|slick|spray|scalaz|monix|feign|okhttp3|okio|retrofit2|junit"
    r"|javassist|antlr|freemarker|liquibase|weblogic|oracle|android|androidx|ratpack|ktor|spark"
    r"|io\.(?:netty|grpc|vertx|undertow|micronaut|quarkus|smallrye|reactivex|micrometer|lettuce"
    r"|opentelemetry|prometheus|swagger|jsonwebtoken|confluent|r2dbc|projectreactor|ktor|github"
    r"|kubernetes|fabric8|sentry|temporal|dropwizard)"
    r"|org\.(?:springframework|apache|hibernate|jboss|eclipse|junit|aspectj|postgresql|hsqldb|h2"
    r"|mariadb|sqlite|slf4j|glassfish|mockito|wildfly|jooq|mybatis|quartz|elasticsearch|opensearch"
    r"|infinispan|jgroups|redisson|flywaydb|thymeleaf|yaml|json|xnio|gradle|jetbrains|scalatest"
    r"|antlr|bouncycastle|dom4j|xml|w3c|xerial|neo4j|keycloak|mongodb|mvel|joda|modelmapper"
    r"|mapstruct|reflections|objectweb|osgi|picketlink|codehaus|graalvm|testng|assertj|hamcrest)"
    r"|com\.(?:zaxxer|mysql|fasterxml|google|mongodb|netflix|ibm|microsoft|amazonaws|datastax"
    r"|rabbitmq|hazelcast|mchange|jcraft|ning|squareup|codahale|sendgrid|twilio|stripe|oracle"
    r"|typesafe|lightbend|twitter|github\.benmanes|github\.dockerjava|android|intellij|esotericsoftware"
    r"|thoughtworks|jayway|opencsv|itextpdf|auth0|nimbusds|redis|couchbase|clickhouse|azure|alibaba)"
    r"|software\.amazon|net\.(?:sf|bytebuddy|logstash|jodah|ttddyy|spy|sourceforge|corda)"
    r"|ch\.qos|redis\.clients|groovy|me\.prettyprint|de\.flapdoodle|nl\.basjes"
    r"|Microsoft|MS|Newtonsoft|Npgsql|MySql|MySqlConnector|Dapper|Serilog|NLog|log4net|Polly|MediatR"
    r"|AutoMapper|Castle|Autofac|StackExchange|Grpc|Google|RabbitMQ|MassTransit|Hangfire|Quartz"
    r"|Xunit|NUnit|MongoDB|Azure|Amazon|Swashbuckle|FluentValidation|Elasticsearch|Nest|NHibernate"
    r"|Oracle|Confluent|RestSharp|Flurl|IdentityServer4|Nancy|ServiceStack|Orleans|Akka|Ocelot"
    r"|net/http|database/sql|github\.com|golang\.org|google\.golang\.org|gorm\.io|go\.uber\.org"
    r"|gopkg\.in|k8s\.io|encoding|bufio|context|errors|html/template|text/template|crypto|io|os|fmt"
    r"|tokio|hyper|actix\w*|axum|tower|futures\w*|serde\w*|reqwest|sqlx|diesel|rocket|warp|tonic"
    r"|rayon|tracing\w*|backtrace|anyhow|eyre|color_eyre|h2|mio|clap|boost|folly|google|absl|fmt"
    r"|testing::internal|QMetaObject|QCoreApplication\w*|QObject\w*)(?=[./:<(\s]|$)"
)
_GENERATED = Expression(
    r"\$\$(?:Lambda|EnhancerBy|FastClassBy|SpringCGLIB|anonfun|_javassist|_hibernate|_Weld)"
    r"|\$Proxy\d|_\$\$_|GeneratedMethodAccessor|GeneratedConstructorAccessor|LambdaForm|\blambda\$"
    r"|\$lambda|<generated>|\$anonfun\b|\.access\$\d|\.invokeSuspend$|\$HibernateProxy\$|\$ByteBuddy\$"
    r"|_ClientProxy\b|_WeldClientProxy\b|\$\w+\$\d+\.invoke$|__BackingField|<>c\b|<>c__|>b__\d"
    r"|<lambda|<listcomp>|<genexpr>|<dictcomp>|<setcomp>|\{closure|<anonymous>|<string>|\beval\b"
)
LIBRARY_PATH = Expression(
    r"site-packages|dist-packages|/lib(?:64)?/(?:python|pypy)|/python\d[\d.]*/lib/|lib/ruby|/gems/"
    r"|/rubygems/|bundler/|<internal:|node_modules|node:|(?:^|/)internal/|/vendor/|<frozen"
    r"|/usr/local/go/|/go/src/runtime/|/pkg/mod/|@v\d|/rustc/|\.cargo/|/lib/rustlib/|/usr/share/php"
    r"|/usr/lib/|/usr/share/perl|/usr/include/|\.\./sysdeps/|\.\./csu/|\.\./nptl/|libstdc\+\+|/deps/",
    re.IGNORECASE,
)


def rank(name: str, place: str = "") -> int:
    """Whose frame it is, by its name and the file it is in."""
    if _RUNTIME_NAME.match(name):
        return RUNTIME
    if _FRAMEWORK_NAME.match(name) or (place and LIBRARY_PATH.search(place.replace("\\", "/"))):
        return FRAMEWORK
    return GENERATED if _GENERATED.search(name) or place == "<generated>" else OWN


def best(frames) -> str:
    """The name among (rank, name) that names the cause, "" without frames."""
    found, lowest = "", RUNTIME + 1
    for number, name in frames:
        if number < lowest:
            found, lowest = name, number
        if lowest == OWN:
            break
    return found


def stem(path: str) -> str:
    """Name of a source file without folder and ending."""
    name = path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"\.(?:py[wx]?|rb|php|pl|pm|lua|exs?|erl|rs|go|js|mjs|cjs|ts|tsx|jsx)$", "", name)
