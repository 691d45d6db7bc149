# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_redis_connection LABEL live SOURCES tst_redis_connection.cpp LINK cachedeck_redis cachedeck_test_support)
cachedeck_test(tst_redis_tls LABEL live SOURCES tst_redis_tls.cpp LINK cachedeck_redis cachedeck_test_support)
cachedeck_test(tst_redis_figures LABEL live SOURCES tst_redis_figures.cpp LINK cachedeck_redis cachedeck_test_support)
cachedeck_test(tst_redis_faults LABEL live TIMEOUT 240 SOURCES tst_redis_faults.cpp LINK cachedeck_redis cachedeck_test_support)
cachedeck_test(tst_redis_own_lookups LABEL live SOURCES tst_redis_own_lookups.cpp LINK cachedeck_redis cachedeck_test_support)
cachedeck_test(tst_keys_own_lookups LABEL live SOURCES tst_keys_own_lookups.cpp LINK cachedeck_keys cachedeck_test_support)
