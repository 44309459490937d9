#include "core/phantom/heart.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gadolin::phantom {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double degrees = pi / 180.0;

/// Radius of a ventricle at share t of its length, relative to the base: a truncated ellipsoid that
/// is a little blunter than an ellipse.
double taper(double t) {
  if (t <= 0) return 1.0;
  if (t >= 1) return 0.0;
  return std::sqrt(1.0 - std::pow(t, 2.3));
}

/// The angle between two directions, 0 .. pi.
double apart(double a, double b) {
  double d = std::fmod(std::abs(a - b), 2.0 * pi);
  return d > pi ? 2.0 * pi - d : d;
}

/// A bump of height 1 at angle 0 and of the given half width.
double bump(double angle, double half_width) {
  const double x = angle / half_width;
  return std::exp(-x * x);
}

}  // namespace

Heart::Heart(Random& random, Territory territory)
    : ragged_(random.next()), trabeculae_(random.next()), patchy_(random.next()) {
  radius_ = random.uniform(20.5, 27.5);
  wall_ = random.uniform(7.5, 10.5);
  length_endo_ = random.uniform(66, 82) + 0.5 * (radius_ - 24);
  length_epi_ = length_endo_ + 0.8 * wall_;
  drift_x_ = random.uniform(-5, 5);
  drift_y_ = random.uniform(-5, 5);
  const double outer = radius_ + wall_;
  rv_x_ = -random.uniform(0.74, 0.92) * outer;
  rv_y_ = random.uniform(-0.05, 0.20) * outer;
  rv_a_ = random.uniform(0.62, 0.86) * outer;
  rv_b_ = random.uniform(0.92, 1.15) * outer;
  rv_length_ = random.uniform(0.80, 0.95) * length_epi_;
  rv_wall_ = random.uniform(2.5, 4.0);
  // The scar comes first: an old infarct has thinned the wall that the table below holds.
  drawScar(random, territory);
  drawWall(random);
  drawPapillaries(random);
  drawFat(random);
}

void Heart::drawWall(Random& random) {
  const double e2 = random.uniform(0.00, 0.11), p2 = random.uniform(0, 2 * pi);
  const double e3 = random.uniform(0.00, 0.03), p3 = random.uniform(0, 2 * pi);
  const double e5 = random.uniform(0.00, 0.012), p5 = random.uniform(0, 2 * pi);
  const double w1 = random.uniform(0.00, 0.14), q1 = random.uniform(0, 2 * pi);
  const double w3 = random.uniform(0.00, 0.08), q3 = random.uniform(0, 2 * pi);
  const double thinning = random.uniform(0.0, 0.35);
  for (std::size_t i = 0; i < angles; ++i) {
    const double a = 2.0 * pi * static_cast<double>(i) / angles;
    endo_[i] =
        1.0 + e2 * std::cos(2 * a - p2) + e3 * std::cos(3 * a - p3) + e5 * std::cos(5 * a - p5);
    double thickness = 1.0 + w1 * std::cos(a - q1) + w3 * std::cos(3 * a - q3);
    for (const Scar& scar : scars_) {
      thickness *= 1.0 - thinning * std::min(1.0, scar.depth) *
                             bump(apart(a, scar.angle), 1.1 * scar.half_width);
    }
    epi_[i] = (radius_ * endo_[i] + wall_ * std::max(0.6, thickness)) / (radius_ + wall_);
  }
}

void Heart::drawScar(Random& random, Territory territory) {
  if (territory == Territory::None) return;
  Scar scar{};
  // Centres and widths after the 17-segment model (Cerqueira 2002): LAD anterior and anteroseptal
  // with the apex, RCA inferior and inferoseptal, LCX lateral.
  switch (territory) {
    case Territory::Lad:
      scar.angle = random.uniform(-145, -95) * degrees;
      scar.half_width = random.uniform(45, 80) * degrees;
      scar.height = random.uniform(0.50, 0.75) * length_epi_;
      scar.half_height = random.uniform(0.35, 0.55) * length_epi_;
      break;
    case Territory::Rca:
      scar.angle = random.uniform(85, 130) * degrees;
      scar.half_width = random.uniform(36, 62) * degrees;
      scar.height = random.uniform(0.20, 0.50) * length_epi_;
      scar.half_height = random.uniform(0.28, 0.48) * length_epi_;
      break;
    default:
      scar.angle = random.uniform(0, 55) * degrees;
      scar.half_width = random.uniform(36, 62) * degrees;
      scar.height = random.uniform(0.25, 0.55) * length_epi_;
      scar.half_height = random.uniform(0.28, 0.48) * length_epi_;
      break;
  }
  scar.depth = random.uniform(0.65, 1.50);
  scar.obstructed = scar.depth > 0.75 && random.chance(0.6);
  scar.mvo_depth = random.uniform(0.30, 0.55);
  scars_.push_back(scar);
  // A second, smaller and older one now and then.
  if (random.chance(0.15)) {
    Scar second = scar;
    second.angle += random.uniform(100, 200) * degrees;
    second.half_width *= 0.6;
    second.half_height *= 0.7;
    second.depth = random.uniform(0.45, 0.8);
    second.obstructed = false;
    scars_.push_back(second);
  }
}

void Heart::drawPapillaries(Random& random) {
  const auto add = [&](double angle_degrees, double radius) {
    blobs_.push_back({angle_degrees * degrees, radius * random.uniform(0.7, 1.5), radius,
                      length_endo_ * random.uniform(0.12, 0.30),
                      length_endo_ * random.uniform(0.66, 0.85)});
  };
  add(random.uniform(-65, -25), random.uniform(3.2, 5.2));  // anterolateral
  add(random.uniform(95, 135), random.uniform(3.2, 5.2));   // posteromedial
  if (random.chance(0.5)) add(random.uniform(75, 150), random.uniform(2.2, 3.2));
  const int small = 3 + static_cast<int>(random.below(5));
  for (int i = 0; i < small; ++i) add(random.uniform(-120, 160), random.uniform(1.2, 2.0));
}

void Heart::drawFat(Random& random) {
  // Fat lies in the grooves where the right ventricle meets the left, and in front of the apex.
  const double base = random.uniform(-2.0, 0.6);
  const double anterior = random.uniform(3, 9), inferior = random.uniform(2, 7),
               lateral = random.uniform(0, 5), sternal = random.uniform(2, 10);
  const double anterior_angle = random.uniform(-125, -100) * degrees,
               inferior_angle = random.uniform(105, 130) * degrees,
               lateral_angle = random.uniform(-50, 60) * degrees,
               sternal_angle = random.uniform(-190, -140) * degrees;
  for (std::size_t i = 0; i < angles; ++i) {
    const double a = 2.0 * pi * static_cast<double>(i) / angles;
    fat_[i] = base + anterior * bump(apart(a, anterior_angle), 0.45) +
              inferior * bump(apart(a, inferior_angle), 0.45) +
              lateral * bump(apart(a, lateral_angle), 0.5) +
              sternal * bump(apart(a, sternal_angle), 0.6);
  }
}

double Heart::outerRadius_mm(double h) const {
  return (radius_ + wall_) * taper(h / length_epi_);
}

bool Heart::inBlob(double x, double y, double h, double scale) const {
  for (const Blob& blob : blobs_) {
    if (h < blob.from || h > blob.to) continue;
    const double out = radius_ * scale - blob.distance;
    if (out <= 0) continue;
    const double dx = x - out * std::cos(blob.angle), dy = y - out * std::sin(blob.angle);
    if (dx * dx + dy * dy < blob.radius * blob.radius) return true;
  }
  return false;
}

Sample Heart::wall(double share, double theta, double h, double x, double y) const {
  Sample sample{Material::Myocardium, static_cast<unsigned char>(Tissue::Myocardium), true};
  for (const Scar& scar : scars_) {
    // Borders wander by several millimetres over the wall and from slice to slice.
    const double wander = ragged_.at(x / 9.0, y / 9.0, h / 14.0);
    const double up = (h - scar.height) / scar.half_height;
    const double body = 1.0 - up * up;
    if (body <= 0) continue;
    const double half_width = scar.half_width * std::sqrt(body) * (1.0 + 0.22 * wander);
    const double off = apart(theta, scar.angle) / half_width;
    if (off >= 1) continue;
    // Subendocardial first: the wavefront reaches the epicardium at the centre, if at all.
    const double front =
        scar.depth * (1.0 - off * off * off * off) * (0.75 + 0.25 * std::sqrt(body)) +
        0.16 * ragged_.at(x / 5.0 + 40, y / 5.0, h / 12.0);
    if (share >= front) continue;
    // Islands of living muscle near the front.
    if (front - share < 0.25 && patchy_.at(x / 4.0, y / 4.0, h / 10.0) > 0.55) continue;
    sample = {Material::Scar, static_cast<unsigned char>(Tissue::Scar), true};
    if (scar.obstructed && off < 0.62 && body > 0.45 && share > 0.06 &&
        share < scar.mvo_depth * (1.0 - off * off) * front +
                    0.10 * patchy_.at(x / 6.0, y / 6.0, h / 12.0)) {
      sample = {Material::Mvo, static_cast<unsigned char>(Tissue::Mvo), true};
      break;
    }
  }
  return sample;
}

Sample Heart::at(double x, double y, double h) const {
  if (!mayContain(x, y)) return {};
  const double height = std::max(h, 0.0);
  const double cx = x - drift_x_ * height / length_epi_, cy = y - drift_y_ * height / length_epi_;
  const double r = std::sqrt(cx * cx + cy * cy);
  const double theta = std::atan2(cy, cx);
  const auto bin = static_cast<std::size_t>((theta + 2.0 * pi) * (angles / (2.0 * pi))) % angles;

  const double outer_taper = taper(height / length_epi_);
  const double outer = (radius_ + wall_) * outer_taper * epi_[bin];
  if (r < outer) {
    const double inner_scale = taper(height / length_endo_) * endo_[bin];
    const double rough = 0.7 * trabeculae_.at(cx / 4.0, cy / 4.0, height / 12.0);
    const double inner = std::max(0.0, radius_ * inner_scale + (inner_scale > 0 ? rough : 0.0));
    if (r < inner) {
      const bool muscle = inBlob(cx, cy, height, inner_scale);
      return {muscle ? Material::Myocardium : Material::Blood,
              static_cast<unsigned char>(Tissue::Cavity), true};
    }
    return wall((r - inner) / (outer - inner), theta, height, cx, cy);
  }

  double distance = outer_taper > 0 ? r - outer : 1e9;
  const double rv_taper = taper(height / rv_length_);
  if (rv_taper > 0) {
    const double a = rv_a_ * rv_taper, b = rv_b_ * rv_taper;
    // The centre follows the septum as the left ventricle narrows.
    const double ex = (cx - rv_x_ * (0.25 + 0.75 * outer_taper)) / a, ey = (cy - rv_y_) / b;
    const double e = std::sqrt(ex * ex + ey * ey);
    const double beyond = (e - 1.0) * std::min(a, b);
    if (beyond < 0) {
      const bool trabecula =
          beyond > -7.0 && trabeculae_.at(cx / 5.0, cy / 5.0, height / 15.0) > 0.45;
      return {trabecula ? Material::Myocardium : Material::Blood, 0, true};
    }
    if (beyond < rv_wall_) return {Material::Myocardium, 0, true};
    distance = std::min(distance, beyond - rv_wall_);
  }
  const double fat = fat_[bin] * (0.8 + 0.4 * trabeculae_.at(cx / 12.0, cy / 12.0, height / 20.0));
  if (distance < fat) return {Material::Fat, 0, true};
  if (distance < fat + 1.3) return {Material::Pericardium, 0, true};
  return {};
}

}  // namespace gadolin::phantom
