-- SPDX-License-Identifier: GPL-3.0-or-later
-- Run once by the superuser in the database "postgres"; bootstrap-database.sql follows, then bootstrap-app.sql in the database "app".
CREATE ROLE exporter LOGIN PASSWORD '@EXPORTER_PASSWORD@' CONNECTION LIMIT 10;
GRANT pg_monitor TO exporter;
CREATE ROLE console LOGIN PASSWORD '@CONSOLE_PASSWORD@';
GRANT pg_monitor TO console;
CREATE ROLE app LOGIN PASSWORD '@APP_PASSWORD@';
CREATE EXTENSION pg_stat_statements;
