# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name settings derive failure)
  cachedeck_test(tst_postgres_${name} LABEL core SOURCES tst_postgres_${name}.cpp LINK cachedeck_postgres)
endforeach()
cachedeck_test(tst_postgres_hostile LABEL core SOURCES tst_postgres_hostile.cpp LINK cachedeck_postgres cachedeck_test_support)
