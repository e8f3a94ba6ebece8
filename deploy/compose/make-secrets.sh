#!/bin/sh
# Makes what compose.yaml hands in as files, once: what is there already stays. Shows no value. The folder is closed
# to everybody else; the files are not, as a container sees them under its own account, without the folder.
set -eu
cd "$(dirname "$0")/.."
mkdir -p -m 700 secrets
umask 022

make() {
  if [ ! -e "secrets/$1" ]; then
    printf '%s' "$2" >"secrets/$1"
    echo "secrets/$1"
  fi
}
random() { openssl rand -hex 32; }

make postgres-superuser-password "$(random)"
make postgres-password "$(random)"
make database-url "postgres://postern:$(cat secrets/postgres-password)@postgres:5432/postern"
make master-key "$(openssl rand -base64 32)"
make owner-password "$(random)"
make admin-client-id admin
make admin-client-secret "$(random)"
make redis-configuration "requirepass $(random)
save \"\"
maxmemory 64mb
maxmemory-policy volatile-ttl
"
make redis-url "redis://:$(sed -n 's/^requirepass //p' secrets/redis-configuration)@redis:6379/0"
make prometheus-client-secret "$(random)"
make grafana-password "$(random)"
