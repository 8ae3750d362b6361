#include <mbedtls/base64.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "lists/ecdsa.h"
#include "nearzone/lists.h"

namespace nearzone {
namespace {

// A SubjectPublicKeyInfo of either kind is a fixed prefix and the key itself.
// Ed25519: RFC 8410, section 4.
constexpr std::array<uint8_t, 12> kEd25519Prefix{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
// id-ecPublicKey on prime256v1, a point of 65 bytes: RFC 5480, section 2.
constexpr std::array<uint8_t, 26> kP256Prefix{0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                              0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                              0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
constexpr size_t kLargestFile = 64 * 1024;

constexpr std::string_view kBegin = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kEnd = "-----END PUBLIC KEY-----";

template <size_t N>
bool starts_with(ByteView bytes, const std::array<uint8_t, N>& prefix) {
  return bytes.size() >= N && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

// The DER inside the first PEM block of a public key.
Result<std::vector<uint8_t>> decode_pem(std::string_view text) {
  size_t begin = text.find(kBegin);
  if (begin == text.npos) {
    if (text.find("PRIVATE KEY-----") != text.npos)
      return Status(Code::invalid_argument, "this is a private key; give its public key", "key");
    return Status(Code::corrupt, "not a public key in PEM or DER", "key");
  }
  size_t body = begin + kBegin.size();
  size_t end = text.find(kEnd, body);
  if (end == text.npos) return Status(Code::corrupt, "the PEM block has no end", "key");
  std::vector<unsigned char> packed;  // mbedTLS is particular about where lines may end
  for (char c : text.substr(body, end - body))
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t')
      packed.push_back(static_cast<unsigned char>(c));
  std::vector<uint8_t> der(packed.size());
  size_t size = 0;
  if (packed.empty() ||
      mbedtls_base64_decode(der.data(), der.size(), &size, packed.data(), packed.size()) != 0)
    return Status(Code::corrupt, "the PEM block is not base64", "key").at_offset(body);
  der.resize(size);
  return der;
}

}  // namespace

Result<PublicKey> PublicKey::parse(ByteView pem_or_der) {
  if (pem_or_der.size() > kLargestFile)
    return Status(Code::limit_exceeded, "a public key is never this large", "key");
  std::vector<uint8_t> decoded;
  ByteView der = pem_or_der;
  std::string_view text(reinterpret_cast<const char*>(der.data()), der.size());
  if (der.empty() || der[0] != 0x30 || text.find("-----BEGIN ") != text.npos) {
    NEARZONE_ASSIGN(decoded, decode_pem(text));
    der = decoded;
  }
  if (starts_with(der, kEd25519Prefix) && der.size() == kEd25519Prefix.size() + 32) {
    std::array<uint8_t, 32> raw;
    std::copy_n(der.begin() + kEd25519Prefix.size(), raw.size(), raw.begin());
    return ed25519(raw);
  }
  if (starts_with(der, kP256Prefix) && der.size() == kP256Prefix.size() + 65) {
    PublicKey key;
    key.algorithm_ = Algorithm::ecdsa_p256;
    std::copy_n(der.begin() + kP256Prefix.size(), key.bytes_.size(), key.bytes_.begin());
    if (!p256_is_on_curve(key.bytes_))
      return Status(Code::corrupt, "the point is not on the curve P-256", "key");
    return key;
  }
  if (der.empty() || der[0] != 0x30)
    return Status(Code::corrupt, "the PEM block holds no public key", "key");
  return Status(Code::unsupported, "neither a P-256 key (uncompressed point) nor an Ed25519 key",
                "key");
}

PublicKey PublicKey::ed25519(const std::array<uint8_t, 32>& raw) {
  PublicKey key;
  key.algorithm_ = Algorithm::ed25519;
  std::copy(raw.begin(), raw.end(), key.bytes_.begin());
  return key;
}

}  // namespace nearzone
