# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_doctor_live LABEL live TIMEOUT 240 SOURCES tst_doctor.cpp tst_doctor_support.h LINK cachedeck_doctor cachedeck_test_support)
target_compile_definitions(tst_doctor_live PRIVATE SOURCE_DIR="${PROJECT_SOURCE_DIR}")
cachedeck_test(tst_doctor_monitoring LABEL live TIMEOUT 300 SOURCES tst_doctor_monitoring.cpp tst_doctor_support.h service_exporter.h LINK cachedeck_doctor cachedeck_test_support)
cachedeck_test(tst_doctor_program LABEL live TIMEOUT 240 SOURCES tst_doctor_program.cpp LINK cachedeck_doctor cachedeck_test_support)
cachedeck_test(tst_doctor_questions LABEL live SOURCES tst_doctor_questions.cpp LINK cachedeck_doctor)
