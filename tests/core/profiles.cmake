# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_profiles LABEL core SOURCES tst_profiles.cpp tst_profile_fakes.h LINK cachedeck_profiles)
cachedeck_test(tst_saved_server LABEL core SOURCES tst_saved_server.cpp LINK cachedeck_profiles)
cachedeck_test(tst_profile_secrets LABEL core SOURCES tst_profile_secrets.cpp tst_profile_fakes.h LINK cachedeck_profiles)
