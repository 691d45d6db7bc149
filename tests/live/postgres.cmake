# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name figures faults tls)
  cachedeck_test(tst_postgres_${name} LABEL live SOURCES tst_postgres_${name}.cpp tst_postgres_support.h
    LINK cachedeck_postgres cachedeck_test_support)
endforeach()
