#pragma once
// Tables, charts and words of the cohort report, which its pages and its HTML have in common.

#include <QString>
#include <optional>
#include <utility>
#include <vector>

#include "core/report/cohort_report.h"
#include "ui/print/chart.h"
#include "ui/print/page.h"
#include "ui/print/table.h"

namespace gadolin::print {

About aboutCohort(const report::CohortReport& report);
std::vector<report::Fact> modelFactsOf(const report::ModelFacts& model);
QString noModel();
QString noLabels();

Table partsTable(const report::CohortReport& report);
/// Without a row where nobody has labelled.
Table effortTable(const report::CohortReport& report);

QString evaluationTitle(const analysis::Evaluation& evaluation);
Table evaluationTable(const analysis::Evaluation& evaluation);
QString evaluationRemark(const analysis::Evaluation& evaluation);

QString volumesTitle();
/// Prediction against reference, and Bland-Altman; nothing without a patient.
std::optional<std::pair<Chart, Chart>> volumeCharts(const analysis::Evaluation& evaluation);

QString worstTitle();
/// At most ten patients, lowest Dice first; without a row where there is none.
Table worstTable(const analysis::Evaluation& evaluation);

QString curvesTitle();
QString noScore();
struct CurveCharts {
  QString stage;
  Chart loss;
  std::optional<Chart> score;
};
CurveCharts curveCharts(const report::StageCurve& curve);

/// The report's own notes, then the evaluation's warnings.
std::vector<std::string> remarksOf(const report::CohortReport& report);

}  // namespace gadolin::print
