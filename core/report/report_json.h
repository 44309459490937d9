#pragma once
// Reports for programs: JSON and CSV of what the pages say. Figures that are not known are null in
// JSON and empty in CSV, as on the page.

#include <string>

#include "core/report/cohort_report.h"
#include "core/report/patient_report.h"

namespace gadolin::report {

/// One object: study and method facts, provenance, figures of stack, slices and segments with their
/// units in the names (docs/reports.md). Pictures are not in it.
std::string toJson(const PatientReport& report);
/// One object: data, split, labels, model, curves, evaluation, one entry a stack, methods, notes.
std::string toJson(const CohortReport& report);

/// One row a figure: `patient, stack, of, number, name, figure, unit, measured, reference, method,
/// mask_revision, reference_mask_revision`; `of` is stack, slice (1 = most basal) or segment.
std::string patientCsv(const PatientReport& report);

}  // namespace gadolin::report
