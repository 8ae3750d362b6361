#include "interface.h"
#include "nearzone/version.h"

namespace nearzone::c {
namespace {

std::string sentence_of(const Status& status) {
  std::string text;
  if (status.field() != nullptr) text = std::string(status.field()) + ": ";
  text += status.text();
  std::string position;
  if (status.record() != Status::kNone) position = "record " + std::to_string(status.record());
  if (status.offset() != Status::kNone)
    position += (position.empty() ? "" : ", ") + ("offset " + std::to_string(status.offset()));
  return position.empty() ? text : text + " (" + position + ")";
}

}  // namespace

int32_t fail(const Status& status, nz_error** error) noexcept {
  if (error != nullptr) {
    *error = nullptr;
    try {
      *error = new nz_error{status, sentence_of(status)};
    } catch (...) {  // the code must do
    }
  }
  return static_cast<int32_t>(status.code());
}

}  // namespace nearzone::c

uint32_t nz_abi_version(void) { return NZ_ABI_VERSION; }

const char* nz_version(void) { return nearzone::kVersion; }

const char* nz_code_name(int32_t code) {
  return code < NZ_OK || code > NZ_INTERNAL
             ? "unknown"
             : nearzone::code_name(static_cast<nearzone::Code>(code));
}

int32_t nz_error_code(const nz_error* error) {
  return error == nullptr ? NZ_OK : static_cast<int32_t>(error->status.code());
}

const char* nz_error_message(const nz_error* error) {
  return error == nullptr ? "" : error->message.c_str();
}

const char* nz_error_field(const nz_error* error) {
  return error == nullptr || error->status.field() == nullptr ? "" : error->status.field();
}

int64_t nz_error_offset(const nz_error* error) {
  return error == nullptr ? -1 : error->status.offset();
}

int64_t nz_error_record(const nz_error* error) {
  return error == nullptr ? -1 : error->status.record();
}

void nz_error_free(nz_error* error) { delete error; }

nz_cancel* nz_cancel_new(void) {
  try {
    return new nz_cancel;
  } catch (...) {
    return nullptr;
  }
}

void nz_cancel_request(nz_cancel* cancel) {
  if (cancel != nullptr) cancel->flag->request();
}

void nz_cancel_free(nz_cancel* cancel) { delete cancel; }
