# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_operation_log LABEL core SOURCES tst_operation_log.cpp tst_operation_log_support.h LINK cachedeck_operation_log)
cachedeck_test(tst_operation_log_damage LABEL core SOURCES tst_operation_log_damage.cpp tst_operation_log_support.h LINK cachedeck_operation_log)

# A process of its own, to be killed and to run out of disk.
add_executable(operation_log_writer operation_log_writer.cpp tst_operation_log_support.h)
target_link_libraries(operation_log_writer PRIVATE cachedeck_operation_log Qt6::Test cachedeck_build)
cachedeck_test(tst_operation_log_faults LABEL core TIMEOUT 240 SOURCES tst_operation_log_faults.cpp tst_operation_log_support.h LINK cachedeck_operation_log)
add_dependencies(tst_operation_log_faults operation_log_writer)
target_compile_definitions(tst_operation_log_faults PRIVATE OPERATION_LOG_WRITER="$<TARGET_FILE:operation_log_writer>")
