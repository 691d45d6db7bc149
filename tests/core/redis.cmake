# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_redis_url LABEL core SOURCES tst_redis_url.cpp LINK cachedeck_redis)
cachedeck_test(tst_redis_reader LABEL core SOURCES tst_redis_reader.cpp LINK cachedeck_redis)
cachedeck_test(tst_redis_info LABEL core SOURCES tst_redis_info.cpp LINK cachedeck_redis)
cachedeck_test(tst_redis_hostile LABEL core SOURCES tst_redis_hostile.cpp LINK cachedeck_redis cachedeck_test_support)
