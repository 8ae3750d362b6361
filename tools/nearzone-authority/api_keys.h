// API keys: made for somebody, stored as hashes.
#pragma once

#include <string>

#include "authority/records.h"
#include "setup.h"

namespace nearzone::authority_tool {

// Makes a key and stores its hash, with an audit row; gives the key, which nothing can give again.
Result<std::string> make_api_key(Setup& setup, const std::string& name, const std::string& realm,
                                 authority::Role role);

}  // namespace nearzone::authority_tool
