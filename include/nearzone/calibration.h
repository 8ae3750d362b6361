/// Which phone model hears and sends how strongly: a table of corrections, read from the public
/// format, kept in NearZone's own, and asked for a model with an answer that says how well it
/// knows. Pure functions, safe from any thread.
///
///     auto table = nearzone::CalibrationTable::read_csv(nearzone::as_bytes(text));
///     if (!table.ok()) return table.status();
///     store(table->encode());
///     const nearzone::Calibration phone = table->look_up(maker, device, model);
///     show(phone.rssi_correction_db, nearzone::calibration_source_name(phone.source));
///
/// docs/formats/calibration.md describes both formats.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/status.h"

namespace nearzone {

/// How an answer was come by, from least to best known. The numbers are stored.
enum class CalibrationSource : uint8_t {
  none = 0,           ///< there was no table: nothing is known
  fleet = 1,          ///< the average of all phones
  maker = 2,          ///< the average of the maker's phones
  similar_model = 3,  ///< a phone of the same device or model name
  exact_model = 4,    ///< this very model
};
/// "none", "fleet", "maker", "similar-model", "exact-model".
std::string_view calibration_source_name(CalibrationSource source);

/// What is known of one phone model. Attenuation is the sender's transmit power less the sum of
/// RSSI and the receiver's correction.
struct Calibration {
  int32_t rssi_correction_db = 0;
  int32_t transmit_power_dbm = 0;  ///< as the model's advertisements should state it
  /// Exposure Notification's scale: 3 this model measured, 2 a similar one or one orientation only,
  /// 1 the maker's average, 0 the fleet's, or no table at all.
  uint8_t confidence = 0;
  CalibrationSource source = CalibrationSource::none;
  bool operator==(const Calibration&) const = default;
};

/// One line of a table.
struct CalibratedPhone {
  static constexpr int32_t kLeast = -127;  ///< of both numbers
  static constexpr int32_t kMost = 127;
  static constexpr size_t kLongestName = 64;

  std::string maker;
  std::string device;  ///< Android's Build.DEVICE
  std::string model;   ///< Android's Build.MODEL
  int8_t rssi_correction_db = 0;
  int8_t transmit_power_dbm = 0;
  uint8_t confidence = 3;  ///< 0..3
  auto operator<=>(const CalibratedPhone&) const = default;
};

/// Owns its lines. Immutable.
class CalibrationTable {
 public:
  static constexpr size_t kMostPhones = 65535;

  /// Reads the public format: CSV with the header
  /// `oem,device,model,rssi_correction,tx_power,confidence` (the order is free). Fails with
  /// corrupt, naming the field, its offset and the zero-based line as the record, where a number is
  /// out of range, a name empty, longer than 64 bytes or of control characters, or a phone named
  /// twice; with limit_exceeded beyond 65,535 phones. A table has one phone at least.
  static Result<CalibrationTable> read_csv(ByteView text);
  /// Reads what encode() wrote. Fails with corrupt (with the offset) or newer_format.
  static Result<CalibrationTable> decode(ByteView bytes);
  std::vector<uint8_t> encode() const;

  /// Sorted by maker, device and model.
  const std::vector<CalibratedPhone>& phones() const { return phones_; }

  /// The phone itself; else the mean, rounded, of those with the same device or model name; else of
  /// the maker's; else of all. Makers are compared without regard to case. A name may be empty
  /// where it is not known.
  Calibration look_up(std::string_view maker, std::string_view device,
                      std::string_view model) const;

  bool operator==(const CalibrationTable&) const = default;

 private:
  explicit CalibrationTable(std::vector<CalibratedPhone> sorted) : phones_(std::move(sorted)) {}
  std::vector<CalibratedPhone> phones_;
};

}  // namespace nearzone
