// What is in a batch: real keys, later statements about earlier ones, and padding.
#pragma once

#include <span>
#include <vector>

#include "authority/exports/series.h"
#include "authority/store.h"
#include "nearzone/keys.h"
#include "nearzone/random.h"
#include "nearzone/status.h"

namespace nearzone::authority {

struct BatchContents {
  std::vector<PublishedKey> keys;     // padding is among them once it is chosen
  std::vector<PublishedKey> revised;  // `revised` is set
};

// Up to when everything is decided, in all these series: a key or a revision that would be dated
// before it, as times are stored truncated, would go out never.
Result<Instant> decided_up_to(Reader& rows, std::span<const Series> all);

// The real keys of a window, as they are stated at its end: a key that was revised within it goes
// out once, as it was revised, and not at all where it turned out to be nobody's. Fixed as soon as
// the window is over. `first`, if it is asked for, becomes when the first of them was accepted,
// where that is earlier.
Result<std::vector<PublishedKey>> real_keys(Reader& rows, const Series& series, TimeRange window,
                                            Instant* first = nullptr);

// What was revised after its key went out and no batch before the one that ends at `end` has told.
// `batches` are the series' earlier ones, in their order.
Result<std::vector<PublishedKey>> pending_revisions(Reader& rows, const Series& series,
                                                    std::span<const ExportBatch> batches,
                                                    Instant end, Instant* oldest);

// Random keys that fill the batch's files to their size classes. Their facts are those of keys
// drawn from `contents`, so that padding looks like what it pads.
std::vector<PublishedKey> choose_padding(const Series& series, const BatchContents& contents,
                                         Random& random);

// All that a closed batch holds.
Result<BatchContents> contents_of(Reader& rows, const Series& series, const ExportBatch& batch);

// A batch as it is published.
struct BatchKeys {
  std::vector<PublishedKey> all;  // padding included, sorted by key bytes; then those revised
  std::vector<std::span<const PublishedKey>> files;  // `all` in pieces, the revised in the last
};
BatchKeys split_into_files(const Series& series, BatchContents contents);

}  // namespace nearzone::authority
