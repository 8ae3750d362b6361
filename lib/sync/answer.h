// What the prepared requests of `lists` and `upload` want to know of an HTTP answer.
#pragma once

#include <optional>

#include "nearzone/time.h"
#include "net/http.h"

namespace nearzone::sync {

// Of the header Retry-After, in seconds; nothing where there is none, or it is a date.
std::optional<Millis> retry_after(const net::HttpResponse& response);

}  // namespace nearzone::sync
