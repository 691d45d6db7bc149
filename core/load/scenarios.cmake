# SPDX-License-Identifier: GPL-3.0-or-later
# What a load run does, as a file says it: without Qt, and without network. A further bundled scenario is a file in scenarios/.
include(embed_scenarios.cmake)
file(GLOB bundled_files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/scenarios/*.json")
embed_scenarios("${CMAKE_CURRENT_BINARY_DIR}/embedded_scenarios.cpp" ${bundled_files})
cachedeck_library(cachedeck_load_scenarios
  SOURCES scenario.cpp scenario.h schedule.cpp schedule.h duration_text.cpp duration_text.h json_tree.cpp json_tree.h
          scenario_reader.cpp scenario_reader.h scenario_steps.cpp scenario_parts.cpp scenario_json.cpp scenario_json.h scenario_write.cpp
          thresholds.cpp thresholds.h histogram.cpp histogram.h random.cpp random.h template_text.cpp template_text.h
          bundled.cpp bundled.h "${CMAKE_CURRENT_BINARY_DIR}/embedded_scenarios.cpp"
          k6_export.cpp k6_export.h k6_script_text.h k6_operator.cpp k6_operator.h
  LINK nlohmann_json::nlohmann_json)
