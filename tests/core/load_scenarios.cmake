# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name scenario_json schedule thresholds template k6_export)
  cachedeck_test(tst_load_${name} LABEL core SOURCES tst_load_${name}.cpp LINK cachedeck_load_scenarios)
endforeach()
