#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fills in the @NAME@ of this folder's files, which the sandbox fills in as well, and puts each server's files into a folder of its own:
#   fill-in.sh TEMPLATES OUT
# Run by the service "config" of docker-compose.yml before everything else; passwords and webhooks come from the environment.
set -eu
umask 077
from=$1
out=$2

die() { echo "$*" >&2; exit 1; }

# What goes into URLs, YAML, SQL and Redis's ACL as it is must be plain.
require() {  # NAME PATTERN SENTENCE
  eval "value=\${$1:-}"
  printf '%s' "$value" | LC_ALL=C grep -Eqx "$2" && [ "$(printf '%s' "$value" | wc -l)" -eq 0 ] || die "$1 in .env: $3"
}
for name in EXPORTER_PASSWORD CONSOLE_PASSWORD APP_PASSWORD; do
  require $name '[A-Za-z0-9_-]{16,128}' 'at least 16 letters, digits, - and _ are wanted. Make one with: openssl rand -hex 24'
done
for name in SLACK_CRITICAL_URL SLACK_PERFORMANCE_URL; do
  require $name 'https?://[A-Za-z0-9._:/-]+' "the URL of an incoming webhook of Slack is wanted."
done
[ -z "${RUNBOOK_BASE:-}" ] || require RUNBOOK_BASE 'https?://[A-Za-z0-9._~:/%-]+' 'the address where docs/ is served is wanted, or nothing.'
require REDIS_MAXMEMORY '[0-9]+(kb|mb|gb)' 'a size such as 512mb is wanted.'

value_of() {  # the same names as in core/sandbox/stack_setup.cpp
  case $1 in
    FAST | APP) echo 10s ;;
    SLOW) echo 15s ;;
    CONF) echo /etc/alertmanager ;;
    REDIS_PORT) echo 6379 ;;
    REDIS_BIND) echo '* -::*' ;;
    REDIS_DIR) echo /data ;;
    REDIS_SAVE) echo '900 100' ;;
    # What docs/OPERATING.md lists, for any key.
    CONSOLE_RIGHTS) echo '~* resetchannels -@all +ping +info +client|setname +select +scan +dbsize +time +type +pttl +pexpiretime +memory|usage +object +strlen +getrange +hlen +hscan +llen +lrange +scard +sscan +zcard +zscan +xlen +xrange +dump +exists +watch +unwatch +multi +exec +discard +unlink +pexpireat +persist +restore' ;;
    POSTGRES_PORT) echo 5432 ;;
    POSTGRES_LISTEN) echo '*' ;;
    POSTGRES_SOCKETS) echo /var/run/postgresql ;;
    POSTGRES_CLIENTS) echo samenet ;;
    POSTGRES_SYNC) echo on ;;
    PROMETHEUS_TARGETS) echo "['prometheus:9090']" ;;
    ALERTMANAGER_TARGETS) echo "['alertmanager:9093']" ;;
    PUSHGATEWAY_TARGETS) echo "['pushgateway:9091']" ;;
    REDIS_EXPORTER_TARGETS) echo "['redis-exporter:9121']" ;;
    POSTGRES_EXPORTER_TARGETS) echo "['postgres-exporter:9187']" ;;
    APP_TARGETS) echo "['sample:8080']" ;;
    RUNBOOK_BASE) value=${RUNBOOK_BASE:-docs} && echo "${value%/}" ;;
    REDIS_MAXMEMORY | EXPORTER_PASSWORD | CONSOLE_PASSWORD | APP_PASSWORD | SLACK_CRITICAL_URL | SLACK_PERFORMANCE_URL) eval "echo \"\$$1\"" ;;
    *) return 1 ;;
  esac
}

fill() {  # FILE TARGET
  script=
  for name in $(grep -o '@[A-Z_]*@' "$from/$1" | tr -d @ | sort -u); do
    value=$(value_of "$name") || die "$1: the placeholder @$name@ has no value."
    script="$script
s|@$name@|$(printf '%s' "$value" | sed 's/[\\|&]/\\&/g')|g"
  done
  sed "$script" "$from/$1" >"$out/$2"
}

# The owners are those of the images: redis and postgres 999, the others nobody.
give() {  # OWNER FOLDER
  [ "$(id -u)" -ne 0 ] || chown -R "$1" "$out/$2"
}

for folder in redis postgres postgres-init prometheus alertmanager postgres-exporter; do mkdir -p "$out/$folder"; done
fill redis/redis.conf redis/redis.conf
fill postgres/postgresql.conf postgres/postgresql.conf
fill postgres/pg_hba.conf postgres/pg_hba.conf
fill postgres/bootstrap.sql postgres-init/10-roles.sql
fill postgres/bootstrap-database.sql postgres-init/20-database.sql
fill postgres/bootstrap-app.sql postgres-init/30-app.sql
sed -i '1i\
\\connect app' "$out/postgres-init/30-app.sql"
for file in prometheus.yml recording.yml alerts.yml; do fill prometheus/$file prometheus/$file; done
for file in alertmanager.yml slack.tmpl slack-critical.url slack-performance.url; do fill alertmanager/$file alertmanager/$file; done
fill postgres-exporter/queries-extra.yaml postgres-exporter/queries-extra.yaml
give 999:999 redis
give 999:999 postgres
give 999:999 postgres-init
for folder in prometheus alertmanager postgres-exporter; do give 65534:65534 $folder; done
echo "The configuration is filled in."
