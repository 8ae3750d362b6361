// The files of a batch: made, signed and put in their place, or found there finished.
#pragma once

#include <string>
#include <vector>

#include "authority/exports/batch_contents.h"
#include "authority/exports/durable_folder.h"
#include "authority/exports/series.h"
#include "authority/records.h"
#include "authority/store.h"
#include "nearzone/status.h"

namespace nearzone::authority {

// Every key that a batch's files are, or may have been, signed with.
struct Signers {
  std::vector<SigningKeyInfo> p256;     // in use now, the newest first
  std::vector<SigningKeyInfo> ed25519;  // likewise
  std::vector<SigningKeyInfo> all;      // retired ones, too
  std::string folder;                   // of their private keys
};
Result<Signers> signers_at(Reader& rows, Instant now, const std::string& folder);

// Writes the files of the batch that are not there yet, and says what all of them are. A finished
// file is kept as it is and not signed again, so that what caches and phones have stays true: ECDSA
// makes another signature each time. Fails with invalid_argument where no key is there to sign
// with, or what keys and folder fail with.
Result<std::vector<ExportFile>> write_list_files(const DurableFolder& folder, const Series& series,
                                                 const ExportBatch& batch, const BatchKeys& keys,
                                                 const Signers& signers);

// "FROM-TO-NUMBER.zip", window in seconds of UTC.
std::string list_file_name(const ExportBatch& batch, size_t number, const char* extension);

}  // namespace nearzone::authority
