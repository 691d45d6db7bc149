# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_doctor LABEL core SOURCES tst_doctor.cpp tst_doctor_evidence.h LINK cachedeck_doctor)
cachedeck_test(tst_doctor_incidents LABEL core SOURCES tst_doctor_incidents.cpp tst_doctor_evidence.h LINK cachedeck_doctor)
