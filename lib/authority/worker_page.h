// The page for health workers: HTML, style and script, as they are served. It keeps the API key in
// the tab's memory only, and asks for nothing from elsewhere.
#pragma once

namespace nearzone::authority {

extern const char* const kWorkerPage;
extern const char* const kWorkerPageStyle;
extern const char* const kWorkerPageScript;
inline constexpr const char* kWorkerPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

}  // namespace nearzone::authority
