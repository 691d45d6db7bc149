-- SPDX-License-Identifier: GPL-3.0-or-later
-- A file of its own: PostgreSQL allows this statement only by itself.
CREATE DATABASE app OWNER app;
