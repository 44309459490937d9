#pragma once
// Where DCMTK finds the names and types of DICOM's attributes.

namespace gadolin::ctl {

/// Debian's DCMTK looks for its dictionary in /usr/share. A Gadolin that was unpacked somewhere has
/// its own, PREFIX/share/gadolin/dicom.dic: DCMDICTPATH is set to it, unless the user has set it.
/// Before threads start and before DCMTK is asked for anything.
void useDictionaryBesideProgram();

}  // namespace gadolin::ctl
