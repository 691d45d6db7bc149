# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_library(cachedeck_keys_sql SOURCES sql_names.cpp sql_names.h LINK cachedeck_postgres)
target_precompile_headers(cachedeck_keys_sql REUSE_FROM cachedeck_base)
