#include "open_list.h"
#include "told.h"

namespace nearzone::c {
namespace {

nz_list_config default_config() {
  const ListOptions options;
  nz_list_config config = {};
  config.refuse_extra_members = options.refuse_extra_members ? 1 : 0;
  config.max_bytes = options.max_bytes;
  config.hold_in_memory = options.hold_in_memory;
  return config;
}

Status open(std::unique_ptr<ByteSource> source, const nz_list_config* given,
            const nz_cancel* cancel, nz_list** list) {
  nz_list_config config = default_config();
  NEARZONE_TRY(read_struct(given, config));
  auto open = std::make_shared<OpenList>();
  open->source = std::move(source);
  open->cancel = flag_of(cancel);
  ListOptions options;
  options.max_bytes = config.max_bytes;
  options.hold_in_memory = config.hold_in_memory;
  options.refuse_extra_members = config.refuse_extra_members != 0;
  options.cancel = open->cancel.get();
  NEARZONE_ASSIGN(open->list, KeyList::open(*open->source, options));
  *list = new nz_list{std::move(open)};
  return {};
}

}  // namespace
}  // namespace nearzone::c

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

nz_public_keys* nz_public_keys_new(void) {
  try {
    return new nz_public_keys;
  } catch (...) {
    return nullptr;
  }
}

int32_t nz_public_keys_add(nz_public_keys* keys, const void* pem_or_der, size_t size,
                           nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(keys, pem_or_der));
    NEARZONE_ASSIGN(const PublicKey key,
                    PublicKey::parse({static_cast<const uint8_t*>(pem_or_der), size}));
    const std::lock_guard lock(keys->mutex);
    keys->keys.push_back(key);
    return {};
  });
}

void nz_public_keys_free(nz_public_keys* keys) { delete keys; }

void nz_list_config_init(nz_list_config* config) { write_defaults(default_config(), config); }

int32_t nz_list_open_file(const char* path, const nz_list_config* config, nz_cancel* cancel,
                          nz_list** list, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(path, list));
    NEARZONE_ASSIGN(std::unique_ptr<FileSource> source, FileSource::open(path));
    return open(std::move(source), config, cancel, list);
  });
}

int32_t nz_list_open_memory(const void* bytes, size_t size, const nz_list_config* config,
                            nz_cancel* cancel, nz_list** list, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(list));
    if (size != 0) NEARZONE_TRY(require(bytes));
    return open(std::make_unique<MemorySource>(ByteView(static_cast<const uint8_t*>(bytes), size)),
                config, cancel, list);
  });
}

void nz_list_free(nz_list* list) { delete list; }

int32_t nz_list_get_info(const nz_list* list, nz_list_info* info, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(list));
    NEARZONE_TRY(check_size(info));
    const ListInfo& known = list->open->list->info();
    nz_list_info told = {};
    told.format = static_cast<int32_t>(known.format);
    told.keys = known.keys;
    told.revised_keys = known.revised_keys;
    told.refused_keys = known.refused_count;
    told.start_ms = known.start.ms;
    told.end_ms = known.end.ms;
    told.batch_number = known.batch_number;
    told.batch_size = known.batch_size;
    told.list_id = known.list_id;
    told.sequence = known.sequence;
    told.signatures = known.signatures.size();
    told.region = known.region.c_str();
    std::ranges::copy(list->open->list->content_digest(), told.content_digest);
    write_struct(told, info);
    return {};
  });
}

int32_t nz_list_signature(const nz_list* list, uint64_t index, nz_signature_info* info,
                          nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(list));
    NEARZONE_TRY(check_size(info));
    const std::vector<SignatureInfo>& signatures = list->open->list->info().signatures;
    if (index >= signatures.size())
      return {Code::not_found, "the list has no such signature", "index"};
    const SignatureInfo& signature = signatures[static_cast<size_t>(index)];
    nz_signature_info told = {};
    told.key_id = signature.key_id.c_str();
    told.key_version = signature.key_version.c_str();
    told.algorithm = signature.algorithm.c_str();
    write_struct(told, info);
    return {};
  });
}

int32_t nz_list_refusal(const nz_list* list, uint64_t index, nz_error** reason, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(list, reason));
    const std::vector<RefusedRecord>& refused = list->open->list->info().refused;
    if (index >= refused.size()) return {Code::not_found, "no such refusal is known", "index"};
    fail(refused[static_cast<size_t>(index)].reason, reason);
    return {};
  });
}

int32_t nz_list_verify(const nz_list* list, const nz_public_keys* keys, nz_signature_report* report,
                       nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(list, keys));
    NEARZONE_TRY(check_size(report));
    const std::vector<PublicKey> known = keys->copy();
    const std::lock_guard lock(list->open->mutex);
    const SignatureReport found = list->open->list->verify(known);
    NEARZONE_TRY(list->open->check_cancelled());
    nz_signature_report told = {};
    told.outcome = static_cast<int32_t>(found.outcome);
    told.public_key = found.public_key;
    told.signature = found.signature;
    told.detail = found.detail;
    write_struct(told, report);
    return {};
  });
}

int32_t nz_list_read_keys(nz_list* list, nz_published_key* out, size_t capacity, size_t* count,
                          nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(list, out, count));
    if (capacity == 0) return {Code::invalid_argument, "must not be 0", "capacity"};
    OpenList& open = *list->open;
    const std::lock_guard lock(open.mutex);
    if (open.keys == nullptr) {
      NEARZONE_ASSIGN(open.keys, open.list->keys());
    }
    std::vector<PublishedKey> batch;
    NEARZONE_TRY(open.keys->next(capacity, batch));
    Room<nz_published_key>{out, capacity, count}.fill(
        batch, [](const PublishedKey& key) { return told(key); });
    return {};
  });
}

int32_t nz_list_rewind(nz_list* list, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(list));
    const std::lock_guard lock(list->open->mutex);
    list->open->keys = nullptr;
    return {};
  });
}
