#include "matching/lists.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

namespace nearzone::bench {
namespace {

constexpr size_t kLists = 40;
constexpr size_t kKeysPerList = kManyKeys / kLists;

using Bytes = std::vector<uint8_t>;

class Signer {
 public:
  Signer() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {}

  Bytes sign(ByteView message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    Bytes signature(80);
    size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
      return {};
    signature.resize(size);
    return signature;
  }

  // Its SubjectPublicKeyInfo.
  Bytes public_key() const {
    Bytes der(static_cast<size_t>(std::max(0, i2d_PUBKEY(key_.get(), nullptr))));
    uint8_t* end = der.data();
    i2d_PUBKEY(key_.get(), &end);
    return der;
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

bool write_file(const std::string& path, ByteView bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return file.flush().good();
}

Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool write_archive(const std::string& path, std::span<const PublishedKey> keys,
                   const Signer& signer) {
  GaenExportHeader header;
  header.region = "VN";
  header.start = kFirstDay.start();
  header.end = (kFirstDay + kDays).start();
  header.signatures = {{"452", "v1", "1.2.840.10045.4.3.2"}};
  const auto content = write_gaen_export(header, keys);
  if (!content.ok()) return false;
  const Bytes signature = signer.sign(*content);
  const auto archive = write_gaen_archive(header, *content, {&signature, 1});
  return archive.ok() && write_file(path, *archive);
}

// The keys of one of the many lists; the first of them was near.
std::vector<PublishedKey> keys_of_list(size_t list, size_t count) {
  SeededRandom random(1000 + list);
  std::vector<PublishedKey> keys;
  for (size_t i = 0; i < count; ++i)
    keys.push_back(make_key(kFirstDay + static_cast<int32_t>((list + i) % kDays), random));
  return keys;
}

bool match_list(const Matcher& matcher, const std::string& path, std::span<const PublicKey> keys,
                uint32_t number, MatchResult& result) {
  const auto source = FileSource::open(path);
  if (!source.ok()) return false;
  const auto list = KeyList::open(**source);
  if (!list.ok() || (*list)->verify(keys).outcome != SignatureOutcome::verified) return false;
  const auto stream = (*list)->keys();
  return stream.ok() && matcher.match(**stream, number, {}, result).ok();
}

}  // namespace

std::optional<ListFiles> write_list(const std::string& folder, std::span<const PublishedKey> keys) {
  const Signer signer;
  const std::string path = folder + "/list.zip";
  const auto public_key = PublicKey::parse(signer.public_key());
  if (!public_key.ok() || !write_archive(path, keys, signer)) return {};
  return ListFiles{{path}, {*public_key}};
}

std::optional<ListFiles> many_lists(const std::string& folder) {
  const std::string public_key_path = folder + "/many.der";
  ListFiles lists;
  for (size_t i = 0; i < kLists; ++i)
    lists.paths.push_back(folder + "/many-" + std::to_string(i) + ".zip");
  // The public key comes last, so that where it is, the lists are.
  if (!std::filesystem::exists(public_key_path)) {
    const Signer signer;
    for (size_t i = 0; i < kLists; ++i)
      if (!write_archive(lists.paths[i], keys_of_list(i, kKeysPerList), signer)) return {};
    if (!write_file(public_key_path, signer.public_key())) return {};
  }
  const auto public_key = PublicKey::parse(read_file(public_key_path));
  if (!public_key.ok()) return {};
  lists.keys.push_back(*public_key);
  return lists;
}

std::vector<Sighting> sightings_near_many(size_t count) {
  SeededRandom random(20201117);
  std::vector<Sighting> sightings = make_sightings(count, Hours::all, random);
  for (uint32_t i = 0; i < kLists; ++i)
    plant(keys_of_list(i, 1).front(), Hours::all, i, sightings[i]);
  return sightings;
}

FoundKeys near_many() {
  FoundKeys near;
  for (size_t i = 0; i < kLists; ++i) near.push_back(keys_of_list(i, 1).front().bytes);
  return sorted(std::move(near));
}

FoundKeys match_lists(const SightingColumns& columns, const ListFiles& lists, unsigned threads) {
  SystemRandom random;
  const Scheme* const schemes[] = {&gaen_scheme()};
  const auto matcher = Matcher::create(columns, schemes, random);
  if (!matcher.ok()) return {};
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false;
  std::vector<MatchResult> results(threads);
  const auto work = [&](MatchResult& result) {
    for (size_t i = next++; i < lists.paths.size(); i = next++)
      if (!match_list(*matcher, lists.paths[i], lists.keys, static_cast<uint32_t>(i), result))
        failed = true;
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(work, std::ref(results[i]));
  work(results[0]);
  for (std::thread& other : others) other.join();
  for (unsigned i = 1; i < threads; ++i) results[0].append(std::move(results[i]));
  if (failed) return {};
  return keys_of(results[0]);
}

}  // namespace nearzone::bench
