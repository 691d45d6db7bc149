# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_guides LABEL live TIMEOUT 600  # compiles the whole library once more
  SOURCES tst_guides.cpp ../examples/products.cpp ../examples/products.h ../examples/setup.cpp ../examples/setup.h
  LINK cachedeck_cacheaside cachedeck_test_support)
target_compile_definitions(tst_guides PRIVATE SOURCE_DIR="${PROJECT_SOURCE_DIR}")
