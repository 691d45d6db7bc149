# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name backend outages refusals)
  cachedeck_test(tst_redis_${name} LABEL live TIMEOUT 240 SOURCES tst_redis_${name}.cpp tst_redis_backend_support.h
    LINK cachedeck_cacheaside cachedeck_test_support)
endforeach()
cachedeck_test(tst_cache_aside_live LABEL live TIMEOUT 240 SOURCES tst_cache_aside_live.cpp tst_redis_backend_support.h
  LINK cachedeck_cacheaside cachedeck_test_support)
