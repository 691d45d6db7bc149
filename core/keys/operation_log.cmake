# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_library(cachedeck_operation_log
  SOURCES operation_log.cpp operation_log.h operation_log_codec.cpp operation_log_codec.h operation_log_file.cpp operation_log_file.h
          operation_log_prune.cpp operation_log_read.cpp operation_log_seal.cpp operation_log_seal.h operation_log_walk.cpp operation_log_walk.h
  LINK cachedeck_base)
target_link_libraries(cachedeck_operation_log PRIVATE OpenSSL::Crypto)
target_precompile_headers(cachedeck_operation_log REUSE_FROM cachedeck_base)
