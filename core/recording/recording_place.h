// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"

namespace cachedeck::recording {

/// Where a profile is recorded, and what the file says of it.
struct RecordingPlace {
  QString file;
  QString profile, environment;  ///< names, for lists and reports
  /// The file lies where only this program writes: one that is no database is damaged, and is set aside. Elsewhere it is somebody's, and is refused.
  bool isOwn = true;
};

/// $XDG_STATE_HOME/cachedeck/recordings, else ~/.local/state/cachedeck/recordings.
QString recordingFolder();
/// A saved profile's file is named by its id, so that it keeps its recording under another name; one made from URLs by its servers.
RecordingPlace recordingPlace(const Profile& profile, bool isSaved, const QString& folder = recordingFolder());
/// Whether the profile's own switch "Record" is on.
bool isRecorded(const Profile& profile);

}  // namespace cachedeck::recording
