#include "authority/json.h"

// The parser's own file and stream input is not used.
#define JSON_NO_IO
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace nearzone::authority {
namespace {

using Parser = nlohmann::json;

// nlohmann::json_sax's interface
class Sax {
 public:
  Status status{Code::corrupt, "not valid JSON"};
  Json root;

  bool null() { return add(Json::Kind::null) != nullptr; }
  bool boolean(bool value) {
    Json* json = add(Json::Kind::boolean);
    if (json != nullptr) json->boolean = value;
    return json != nullptr;
  }
  bool number_integer(Parser::number_integer_t value) {
    Json* json = add(Json::Kind::integer);
    if (json != nullptr) json->integer = value;
    return json != nullptr;
  }
  bool number_unsigned(Parser::number_unsigned_t value) {
    if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
      return add(Json::Kind::real) != nullptr;
    return number_integer(static_cast<int64_t>(value));
  }
  bool number_float(Parser::number_float_t, const std::string&) {
    return add(Json::Kind::real) != nullptr;
  }
  bool string(std::string& value) {
    Json* json = add(Json::Kind::text);
    if (json != nullptr) json->text = std::move(value);
    return json != nullptr;
  }
  bool binary(Parser::binary_t&) { return false; }
  bool key(std::string& name) {
    if (open_.back()->find(name) != nullptr) return refuse("a member is there twice");
    name_ = std::move(name);
    return true;
  }
  bool start_object(size_t) { return open(Json::Kind::object); }
  bool start_array(size_t) { return open(Json::Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) {
    status = status.at_offset(position > 0 ? position - 1 : 0);
    return false;
  }

 private:
  bool refuse(const char* why) {
    status = Status(Code::corrupt, why);
    return false;
  }
  Json* add(Json::Kind kind) {
    if (++values_ > Json::kMostValues) {
      refuse("more values than any request has");
      return nullptr;
    }
    Json* json = &root;
    if (!open_.empty()) {
      if (open_.back()->kind == Json::Kind::object) open_.back()->names.push_back(std::move(name_));
      json = &open_.back()->items.emplace_back();
    }
    json->kind = kind;
    return json;
  }
  bool open(Json::Kind kind) {
    if (open_.size() == Json::kDeepest) return refuse("nested too deeply");
    Json* json = add(kind);
    if (json == nullptr) return false;
    open_.push_back(json);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Json*>
      open_;  // what is around; each stays where it is while it is the last of its own
  std::string name_;
  size_t values_ = 0;
};

}  // namespace

Result<Json> Json::parse(std::string_view text) {
  Sax sax;
  // The parser takes a zero byte for the end.
  if (const size_t zero = text.find('\0'); zero != text.npos) return sax.status.at_offset(zero);
  if (!Parser::sax_parse(text.begin(), text.end(), &sax)) return sax.status;
  return std::move(sax.root);
}

const Json* Json::find(std::string_view name) const {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return &items[i];
  return nullptr;
}

std::string json_text(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (byte < 0x20) {
      json += "\\u00";
      json += kHex[byte >> 4];
      json += kHex[byte & 15];
    } else {
      json += c;
    }
  }
  return json + '"';
}

}  // namespace nearzone::authority
