# SPDX-License-Identifier: GPL-3.0-or-later
# `cachedeck doctor`, part of cachedeck_cli.
target_sources(cachedeck_cli PRIVATE doctor_command.cpp doctor_command.h)
target_link_libraries(cachedeck_cli PUBLIC cachedeck_doctor)
