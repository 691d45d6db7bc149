# SPDX-License-Identifier: GPL-3.0-or-later
# What monitoring/ ships: read by its own tools, run on the sandbox, and proved by alerts that reach a webhook.
set(monitoring_definitions SANDBOX_HOST="$<TARGET_FILE:sandbox_host>" MONITORING_DIR="${PROJECT_SOURCE_DIR}/monitoring"
    RUNBOOK="${PROJECT_SOURCE_DIR}/docs/RUNBOOK.md" YAML_READER="${CMAKE_CURRENT_SOURCE_DIR}/yaml_reader.py")
set(monitoring_sources sandbox_fixture.cpp sandbox_fixture.h monitoring_files.cpp monitoring_files.h)

cachedeck_test(tst_monitoring LABEL live SOURCES tst_monitoring.cpp ${monitoring_sources} LINK cachedeck_alerts cachedeck_test_support)
target_compile_definitions(tst_monitoring PRIVATE CMAKE_PROGRAM="${CMAKE_COMMAND}" BUILD_DIR="${PROJECT_BINARY_DIR}")
cachedeck_test(tst_monitoring_stack LABEL live SOURCES tst_monitoring_stack.cpp ${monitoring_sources} LINK cachedeck_test_support)
target_compile_definitions(tst_monitoring_stack PRIVATE COMPOSE_SCHEMA="${CMAKE_CURRENT_SOURCE_DIR}/data/compose-spec.json"
                           SAMPLE_PROGRAM="$<TARGET_FILE:cachedeck-sample>")
cachedeck_test(tst_monitoring_live LABEL live TIMEOUT 240 SOURCES tst_monitoring_live.cpp ../core/tst_run_support.h ${monitoring_sources}
  LINK cachedeck_runs cachedeck_test_support)
cachedeck_test(tst_alerting LABEL live TIMEOUT 240 SOURCES tst_alerting.cpp ${monitoring_sources} LINK cachedeck_test_support)
foreach(test tst_monitoring tst_monitoring_stack tst_monitoring_live tst_alerting)
  target_compile_definitions(${test} PRIVATE ${monitoring_definitions})
  add_dependencies(${test} sandbox_host)
endforeach()
