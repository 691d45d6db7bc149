# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name key classes redis_parts late_sets)
  cachedeck_test(tst_cache_${name} LABEL core SOURCES tst_cache_${name}.cpp LINK cachedeck_cacheaside)
endforeach()
cachedeck_test(tst_glob LABEL core SOURCES tst_glob.cpp LINK cachedeck_cacheaside)
cachedeck_test(tst_memory_backend LABEL core SOURCES tst_memory_backend.cpp LINK cachedeck_cacheaside)
cachedeck_test(tst_cache_aside LABEL core SOURCES tst_cache_aside.cpp tst_cache_fakes.h LINK cachedeck_cacheaside)
