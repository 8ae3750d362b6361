// Why a key is published, or is not yet, or never will be: the question operators ask most.
#pragma once

#include <string>
#include <vector>

#include "authority/exports/durable_folder.h"
#include "authority/exports/series.h"
#include "authority/store.h"
#include "nearzone/bytes.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

struct Explanation {
  struct Line {
    std::string subject;  // "stored", "window", "embargo", "batch", "file", "index", "signature"
    std::string words;
  };
  std::vector<Line> lines;
  bool is_published = false;  // in a file that the index lists
  // Neither published, nor will it be as things stand.
  bool is_hopeless = false;
};

// Of one key (16 or 32 bytes) in one series. `folder` is that of all exports.
Result<Explanation> explain_key(Reader& rows, const DurableFolder& folder, const Series& series,
                                ByteView key, Instant now);

}  // namespace nearzone::authority
