// The keys that lists are signed with: what the store knows of each, and the PEM file that holds it
// (mode 0600). Asked for anew for every batch, so that a key is added or retired without a restart.
#pragma once

#include <string>
#include <vector>

#include "authority/exports/durable_folder.h"
#include "authority/exports/signing_key.h"
#include "authority/store.h"
#include "nearzone/lists.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

// "p256", "ed25519".
std::string_view algorithm_name(PublicKey::Algorithm algorithm);

bool is_active(const SigningKeyInfo& key, Instant now);

// Those of an algorithm that are used at `now`, the newest first: some readers look at the first
// signature only.
Result<std::vector<SigningKeyInfo>> active_signing_keys(Reader& rows,
                                                        PublicKey::Algorithm algorithm,
                                                        Instant now);

// Generates the key that `wanted` describes (its public key and location are filled in) and writes
// ID.pem to `folder`. Fails with invalid_argument on an id that is taken or cannot be a file's
// name, or a validity that ends before it begins.
Result<SigningKeyInfo> make_signing_key(Store& store, const DurableFolder& folder,
                                        SigningKeyInfo wanted);

// Where its private key is. Earlier versions stored whole paths, of which only the name counts: the
// folder may be another one since.
std::string signing_key_file(const std::string& folder, const SigningKeyInfo& key);

// The key is used before `at` and not from then on. Its file is kept. Fails with not_found, or
// invalid_argument where it ends before that already.
Status retire_signing_key(Store& store, std::string_view id, Instant at);

}  // namespace nearzone::authority
