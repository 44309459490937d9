#pragma once
// Who is whom in one import: names in the project, what must not be said in it, and the way back.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/series.h"
#include "ui/session/identity_scrubber.h"
#include "ui/session/image_marks.h"
#include "ui/session/import_request.h"
#include "ui/session/import_scan.h"
#include "ui/session/import_tally.h"
#include "ui/session/key_table.h"
#include "ui/session/project.h"

namespace gadolin::session {

class ImportIdentities {
 public:
  /// Makes the project's salt where there is none. Blocks.
  static Result<ImportIdentities> make(Project& project, const ImportRequest& request);

  /// Learns what names the patients of these headers and takes it out of their descriptions.
  /// `shown`: paths for a person, by path.
  void learn(ScannedFiles& files, const std::map<std::string, std::string>& shown);
  /// The same for a volume file, whose patient is its folder's or its own name.
  void learnFile(const std::string& patient, const std::string& shown);

  /// The name in the project.
  [[nodiscard]] std::string patientOfDicom(const std::string& patient_id,
                                           const std::string& study_uid) const;
  [[nodiscard]] std::string patientOfFile(const std::string& name) const;
  /// Whether names of volume files are to go.
  [[nodiscard]] bool hidesFiles() const { return identity_ == Identity::Pseudonym; }

  /// By what a segmentation finds these images.
  [[nodiscard]] ImageMarks marksOf(const SeriesPlan& plan) const;
  [[nodiscard]] ImageMarks marksOf(const DicomHeader& segmentation,
                                   const SegmentationAnswer& answer) const;
  /// What a decision about the series names.
  [[nodiscard]] std::string nameOf(const SeriesPlan& plan) const;

  /// Without names, numbers and birth dates of the patients of this import.
  [[nodiscard]] std::string clean(const std::string& text) const { return scrubber_.clean(text); }
  [[nodiscard]] std::vector<Refusal> clean(std::vector<Refusal> refusals) const;
  /// The same; of a series that it names by its description words of the trade stay.
  [[nodiscard]] std::string cleanSentence(const std::string& sentence) const;
  /// The path of a refused file, also without what it may say of a patient whom no header names.
  [[nodiscard]] std::string cleanRefused(const std::string& shown) const;
  /// By what a refused file is known: a salted hash of its absolute path, or of what is shown where
  /// `places` does not have it.
  [[nodiscard]] std::string placeOf(const std::string& shown,
                                    const std::map<std::string, std::string>& places) const;
  [[nodiscard]] ImportSummary clean(ImportSummary summary) const;

  /// Patients of the project whose headers have several birth dates: one number may be used for two
  /// people.
  [[nodiscard]] std::vector<std::string> doubtful() const;

  /// Rows for everybody up to now, and for these patients of the project alone.
  [[nodiscard]] const KeyTable& keys() const { return keys_; }
  [[nodiscard]] KeyTable keysOf(const std::set<std::string>& patients) const;

 private:
  struct Uids {
    std::string space, series, image;
  };
  void learnHeader(const DicomHeader& header, const std::string& shown);

  Identity identity_ = Identity::Usual;
  std::string salt_;
  IdentityScrubber scrubber_;                    // of all patients
  std::map<std::string, IdentityScrubber> own_;  // by their name in the project
  KeyTable keys_;
  std::map<std::string, std::set<std::string>> births_;  // dates by the name in the project
  std::map<std::pair<std::string, int>, Uids> uids_;     // by path and frame
  std::set<std::string> read_;  // shown paths of files whose header names their patient
};

}  // namespace gadolin::session
