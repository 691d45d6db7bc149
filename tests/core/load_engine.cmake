# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name histogram http_answer recorder url)
  cachedeck_test(tst_load_${name} LABEL core SOURCES tst_load_${name}.cpp LINK cachedeck_load)
endforeach()
cachedeck_test(tst_load_run LABEL core SOURCES tst_load_run.cpp tst_load_server.h LINK cachedeck_runs)
