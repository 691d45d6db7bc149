-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE EXTENSION pg_stat_statements;
