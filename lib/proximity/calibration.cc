// Source: docs/formats/calibration.md
#include "nearzone/calibration.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "core/crypto.h"
#include "core/text_lines.h"

namespace nearzone {
namespace {

constexpr std::array<uint8_t, 8> kMagic{'N', 'Z', 'C', 'A', 'L', 'I', 'B', '\n'};
constexpr uint8_t kVersion = 1;
constexpr size_t kHeader = kMagic.size() + 1 + 2;  // the version, the number of phones
constexpr size_t kChecksum = 8;                    // the first bytes of SHA-256 of all before

enum Column : uint8_t { kMaker, kDevice, kModel, kCorrection, kPower, kConfidence, kColumns };
constexpr std::array<const char*, kColumns> kNames{
    "oem", "device", "model", "rssi_correction", "tx_power", "confidence"};
using Row = std::array<std::string_view, kColumns>;

bool is_good_name(std::string_view name) {
  return !name.empty() && name.size() <= CalibratedPhone::kLongestName &&
         std::ranges::none_of(
             name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_same_phone(const CalibratedPhone& a, const CalibratedPhone& b) {
  return std::tie(a.maker, a.device, a.model) == std::tie(b.maker, b.device, b.model);
}

// Reads the fields of the current line, and says where one of them is wrong.
class LineReader {
 public:
  explicit LineReader(const TextLines& lines) : lines_(lines) {}

  Status wrong(const char* text, const char* field, std::string_view piece) const {
    return Status(Code::corrupt, text, field)
        .at_record(lines_.index())
        .at_offset(lines_.offset_of(piece));
  }

  Status name(const Row& row, Column column, std::string& out) const {
    if (!is_good_name(row[column]))
      return wrong("not a name of 1 to 64 bytes", kNames[column], row[column]);
    out = row[column];
    return {};
  }

  template <typename Number>
  Status number(const Row& row, Column column, int64_t least, int64_t most, Number& out) const {
    const auto value = whole_number(row[column], least, most);
    if (!value) return wrong("not a whole number in range", kNames[column], row[column]);
    out = static_cast<Number>(*value);
    return {};
  }

  // Which piece of a row each column is.
  Result<std::array<size_t, kColumns>> header() const {
    Row pieces;
    if (split(lines_.line(), ',', pieces) != kColumns)
      return wrong("the header does not name the six columns", "header", lines_.line());
    std::array<size_t, kColumns> places;
    for (size_t column = 0; column < kColumns; ++column) {
      const auto place = std::ranges::find(pieces, kNames[column]);
      if (place == pieces.end())
        return wrong("the header lacks a column", kNames[column], lines_.line());
      places[column] = static_cast<size_t>(place - pieces.begin());
    }
    return places;
  }

 private:
  const TextLines& lines_;
};

Result<CalibratedPhone> read_line(const LineReader& reader, std::string_view line,
                                  const std::array<size_t, kColumns>& places) {
  Row pieces;
  if (split(line, ',', pieces) != kColumns)
    return reader.wrong("a line has not as many fields as the header", "line", line);
  Row row;
  for (size_t column = 0; column < kColumns; ++column) row[column] = pieces[places[column]];
  CalibratedPhone phone;
  NEARZONE_TRY(reader.name(row, kMaker, phone.maker));
  NEARZONE_TRY(reader.name(row, kDevice, phone.device));
  NEARZONE_TRY(reader.name(row, kModel, phone.model));
  constexpr int32_t kLeast = CalibratedPhone::kLeast;
  constexpr int32_t kMost = CalibratedPhone::kMost;
  NEARZONE_TRY(reader.number(row, kCorrection, kLeast, kMost, phone.rssi_correction_db));
  NEARZONE_TRY(reader.number(row, kPower, kLeast, kMost, phone.transmit_power_dbm));
  NEARZONE_TRY(reader.number(row, kConfidence, 0, 3, phone.confidence));
  return phone;
}

// Bytes from the front of what is left.
class Bytes {
 public:
  explicit Bytes(ByteView bytes, size_t at) : bytes_(bytes), at_(at) {}
  size_t at() const { return at_; }
  std::optional<uint8_t> byte() {
    if (at_ == bytes_.size()) return std::nullopt;
    return bytes_[at_++];
  }
  // A length of one byte, and so many characters.
  std::optional<std::string> name() {
    const auto size = byte();
    if (!size || bytes_.size() - at_ < *size) return std::nullopt;
    std::string name(reinterpret_cast<const char*>(bytes_.data() + at_), *size);
    at_ += *size;
    if (!is_good_name(name)) return std::nullopt;
    return name;
  }

 private:
  ByteView bytes_;
  size_t at_;
};

Result<CalibratedPhone> read_phone(Bytes& bytes) {
  const size_t start = bytes.at();
  auto maker = bytes.name();
  auto device = maker ? bytes.name() : std::nullopt;
  auto model = device ? bytes.name() : std::nullopt;
  const auto correction = model ? bytes.byte() : std::nullopt;
  const auto power = correction ? bytes.byte() : std::nullopt;
  const auto confidence = power ? bytes.byte() : std::nullopt;
  constexpr uint8_t kMinus128 = 0x80;
  if (!confidence || *confidence > 3 || *correction == kMinus128 || *power == kMinus128)
    return Status(Code::corrupt, "a calibrated phone is malformed", "phone").at_offset(start);
  return CalibratedPhone{*std::move(maker),           *std::move(device),
                         *std::move(model),           static_cast<int8_t>(*correction),
                         static_cast<int8_t>(*power), *confidence};
}

void append_name(std::vector<uint8_t>& bytes, std::string_view name) {
  bytes.push_back(static_cast<uint8_t>(name.size()));
  bytes.insert(bytes.end(), name.begin(), name.end());
}

Status require_phones(size_t count) {
  if (count == 0) return {Code::corrupt, "the table names no phone", "phones"};
  if (count > CalibrationTable::kMostPhones)
    return {Code::limit_exceeded, "more than 65,535 phones", "phones"};
  return {};
}

}  // namespace

std::string_view calibration_source_name(CalibrationSource source) {
  switch (source) {
    case CalibrationSource::none: return "none";
    case CalibrationSource::fleet: return "fleet";
    case CalibrationSource::maker: return "maker";
    case CalibrationSource::similar_model: return "similar-model";
    case CalibrationSource::exact_model: return "exact-model";
  }
  return "none";
}

Result<CalibrationTable> CalibrationTable::read_csv(ByteView text) {
  TextLines lines({reinterpret_cast<const char*>(text.data()), text.size()});
  const LineReader reader(lines);
  if (!lines.next()) return Status(Code::corrupt, "the file is empty", "header");
  NEARZONE_ASSIGN(const auto places, reader.header());
  struct Read {
    CalibratedPhone phone;
    uint64_t line;
    uint64_t offset;
  };
  std::vector<Read> read;
  while (lines.next()) {
    if (lines.line().empty()) continue;
    NEARZONE_ASSIGN(CalibratedPhone phone, read_line(reader, lines.line(), places));
    read.push_back({std::move(phone), lines.index(), lines.offset_of(lines.line())});
    if (read.size() > kMostPhones) return require_phones(read.size());
  }
  NEARZONE_TRY(require_phones(read.size()));
  std::ranges::sort(read, {}, [](const Read& r) { return std::tie(r.phone, r.line); });
  std::vector<CalibratedPhone> phones;
  for (Read& line : read) {
    if (!phones.empty() && is_same_phone(phones.back(), line.phone))
      return Status(Code::corrupt, "a phone is named twice", "model")
          .at_record(line.line)
          .at_offset(line.offset);
    phones.push_back(std::move(line.phone));
  }
  return CalibrationTable(std::move(phones));
}

Result<CalibrationTable> CalibrationTable::decode(ByteView bytes) {
  if (bytes.size() < kHeader || !std::ranges::equal(bytes.first(kMagic.size()), kMagic))
    return Status(Code::corrupt, "not a NearZone calibration table", "magic").at_offset(0);
  if (bytes[kMagic.size()] != kVersion)
    return Status(Code::newer_format, "the calibration table is of another version", "version")
        .at_offset(kMagic.size());
  if (bytes.size() < kHeader + kChecksum)
    return Status(Code::corrupt, "the calibration table is cut short").at_offset(bytes.size());
  const ByteView content = bytes.first(bytes.size() - kChecksum);
  const Digest digest = sha256(content);
  if (!std::ranges::equal(ByteView(digest).first(kChecksum), bytes.last(kChecksum)))
    return Status(Code::corrupt, "the calibration table is damaged", "checksum")
        .at_offset(content.size());
  const size_t count = bytes[kHeader - 2] | size_t{bytes[kHeader - 1]} << 8;
  NEARZONE_TRY(require_phones(count));
  Bytes rest(content, kHeader);
  std::vector<CalibratedPhone> phones;
  for (size_t i = 0; i < count; ++i) {
    const size_t start = rest.at();
    NEARZONE_ASSIGN(CalibratedPhone phone, read_phone(rest));
    if (!phones.empty() && (phone < phones.back() || is_same_phone(phone, phones.back())))
      return Status(Code::corrupt, "phones do not ascend", "phone").at_offset(start).at_record(i);
    phones.push_back(std::move(phone));
  }
  if (rest.at() != content.size())
    return Status(Code::corrupt, "something follows the last phone").at_offset(rest.at());
  return CalibrationTable(std::move(phones));
}

std::vector<uint8_t> CalibrationTable::encode() const {
  std::vector<uint8_t> bytes(kMagic.begin(), kMagic.end());
  bytes.push_back(kVersion);
  bytes.push_back(static_cast<uint8_t>(phones_.size()));
  bytes.push_back(static_cast<uint8_t>(phones_.size() >> 8));
  for (const CalibratedPhone& phone : phones_) {
    append_name(bytes, phone.maker);
    append_name(bytes, phone.device);
    append_name(bytes, phone.model);
    bytes.push_back(static_cast<uint8_t>(phone.rssi_correction_db));
    bytes.push_back(static_cast<uint8_t>(phone.transmit_power_dbm));
    bytes.push_back(phone.confidence);
  }
  const Digest digest = sha256(bytes);
  bytes.insert(bytes.end(), digest.begin(), digest.begin() + kChecksum);
  return bytes;
}

}  // namespace nearzone
