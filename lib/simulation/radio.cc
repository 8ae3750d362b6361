#include <cmath>

#include "nearzone/simulation.h"

namespace nearzone::simulation {
namespace {

// As found in 923,337 samples of the MITRE range-angle data, whose licence keeps them from what
// judges exposures: two numbers for an imagined town, and for nothing else. See docs/provenance.md.
constexpr double kRssiAtOneMetreDbm = -58.9;
constexpr double kPathLossExponent = 1.45;

// Assumptions for apps in pockets. Four seconds of listening miss few of several advertisements a
// second; a GATT connection to an iPhone fails more often, and iOS listens at longer intervals; an
// iPhone in the background advertises in a form that another in the background does not look for.
constexpr double kAndroidHearsAndroid = 0.95;
constexpr double kAcrossPlatforms = 0.8;
constexpr double kIphoneHearsIphone = 0.05;

}  // namespace

double mean_rssi_dbm(const Closeness& closeness, const Person& sender, const Person& receiver) {
  return kRssiAtOneMetreDbm - 10 * kPathLossExponent * std::log10(closeness.distance_m) +
         closeness.spread_db + sender.sender_offset_db + receiver.receiver_offset_db;
}

double hearing_chance(SchemeTag scheme, PhonePlatform sender, PhonePlatform receiver) {
  if (scheme == SchemeTag::gaen) return kAndroidHearsAndroid;
  if (sender != receiver) return kAcrossPlatforms;
  return sender == PhonePlatform::ios ? kIphoneHearsIphone : kAndroidHearsAndroid;
}

}  // namespace nearzone::simulation
