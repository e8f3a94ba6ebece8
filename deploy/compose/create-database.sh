#!/bin/sh
# Run once by the postgres image, on an empty volume: a role of Postern's own, which owns its database and no more.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<SQL
\set password \`cat /run/secrets/postgres-password\`
CREATE ROLE postern LOGIN PASSWORD :'password';
CREATE DATABASE postern OWNER postern;
REVOKE ALL ON DATABASE postern FROM PUBLIC;
SQL
