# SPDX-License-Identifier: GPL-3.0-or-later
# The direct workload: through Redis and PostgreSQL themselves.
target_sources(cachedeck_load PRIVATE
  direct_cache.cpp direct_cache.h direct_keys.cpp direct_keys.h direct_pool.cpp direct_pool.h direct_store.cpp direct_store.h
  direct_user.cpp direct_user.h pg_pipe.cpp pg_pipe.h redis_pipe.cpp redis_pipe.h)
target_link_libraries(cachedeck_load PRIVATE cachedeck_cacheaside PkgConfig::hiredis PostgreSQL::PostgreSQL)
