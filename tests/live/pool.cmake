# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name pg_connection pg_open pool pool_faults)
  cachedeck_test(tst_${name} LABEL live TIMEOUT 240 SOURCES tst_${name}.cpp tst_pool_support.h LINK cachedeck_cacheaside cachedeck_test_support)
endforeach()
