# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_library(cachedeck_load
  SOURCES closed_model.cpp closed_model.h direct_workload.cpp engine.cpp engine.h figures.h http_answer.cpp http_answer.h http_link.cpp http_link.h http_user.cpp http_user.h
          http_workload.cpp json_answer.cpp json_answer.h load_permit.h load_run.h loop.cpp loop.h model.cpp model.h open_model.cpp open_model.h recorder.cpp recorder.h resolve.cpp resolve.h
          step_program.cpp step_latency.h step_program.h tls_client.cpp tls_client.h url.cpp url.h virtual_user.h workload.h
  LINK cachedeck_load_scenarios OpenSSL::SSL OpenSSL::Crypto)
