#include "model/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "base/atomic_file.hpp"
#include "gradus/error.hpp"
#include "model/json.hpp"

namespace gradus::internal {
namespace {

static_assert(std::endian::native == std::endian::little, "the tensors are copied as they lie in memory");

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMostHeaderBytes = 100'000'000;  // the format's own limit
constexpr const char* kMetadata = "__metadata__";
constexpr const char* kChecksum = "crc32";

class Checksum {
 public:
  void add(std::string_view bytes) { value_ = crc32_z(value_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()); }
  [[nodiscard]] std::string text() const { return fmt::format("{:08x}", value_); }

 private:
  uLong value_ = crc32_z(0, nullptr, 0);
};

std::string_view as_bytes(std::span<const float> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

std::string length_prefix(std::uint64_t length) {
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  return bytes;
}

std::size_t element_count(const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const std::size_t extent : shape)
    if (__builtin_mul_overflow(count, extent, &count)) return std::numeric_limits<std::size_t>::max();
  return count;
}

/// A tensor's place as the header gives it.
struct Entry {
  std::string name;
  std::vector<std::size_t> shape;
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Header {
  std::map<std::string, std::string> metadata;
  std::vector<Entry> entries;  // by place
  Checksum checksum;           // so far: of the header without the checksum itself
  std::optional<std::string> expected_checksum;
};

Entry parse_entry(const std::string& name, const Json& json, std::string_view source) {
  if (json.at("dtype").get<std::string>() != "F32")
    fail_model(source, fmt::format("the tensor '{}' is of type {}; Gradus uses F32 only", name, json.at("dtype").dump()));
  Entry entry{name, {}, 0, 0};
  for (const Json& extent : json.at("shape")) {
    if (!extent.is_number_unsigned())
      fail_model(source, fmt::format("the shape of the tensor '{}' has a size that is not a whole number", name));
    entry.shape.push_back(extent.get<std::size_t>());
  }
  const Json& offsets = json.at("data_offsets");
  if (offsets.size() != 2 || !offsets.at(0).is_number_unsigned() || !offsets.at(1).is_number_unsigned())
    fail_model(source, fmt::format("the offsets of the tensor '{}' are not two whole numbers", name));
  entry.begin = offsets.at(0).get<std::size_t>();
  entry.end = offsets.at(1).get<std::size_t>();
  const std::size_t count = element_count(entry.shape);
  if (entry.end < entry.begin || (entry.end - entry.begin) % sizeof(float) != 0 ||
      (entry.end - entry.begin) / sizeof(float) != count)
    fail_model(source, fmt::format("the tensor '{}' has {} elements, but its offsets are {} to {}", name, count, entry.begin,
                                   entry.end));
  return entry;
}

/// Reads the header and checks that its tensors cover exactly `data_bytes`, so that what follows may allocate.
Header parse_header(std::string_view text, std::size_t data_bytes, std::string_view source, const MetadataCheck& check) {
  Header header;
  try {
    Json json = parse_json(text, source);
    if (!json.is_object()) fail_model(source, "its header is not a JSON object");
    if (const auto metadata = json.find(kMetadata); metadata != json.end()) {
      header.metadata = metadata->get<std::map<std::string, std::string>>();
      if (const auto checksum = header.metadata.find(kChecksum); checksum != header.metadata.end()) {
        header.expected_checksum = checksum->second;
        header.metadata.erase(checksum);
        metadata->erase(kChecksum);
      }
    }
    check(header.metadata);
    header.checksum.add(json.dump());
    for (const auto& [name, entry] : json.items())
      if (name != kMetadata) header.entries.push_back(parse_entry(name, entry, source));
  } catch (const Json::exception& error) {
    fail_model(source, fmt::format("its header cannot be read ({})", error.what()));
  }
  std::ranges::sort(header.entries,
                    [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::size_t place = 0;
  for (const Entry& entry : header.entries) {
    if (entry.begin != place)
      fail_model(source, fmt::format("the tensor '{}' begins at {}, not at {}", entry.name, entry.begin, place));
    place = entry.end;
  }
  if (place != data_bytes)
    fail_model(source, fmt::format("its header describes {} bytes of tensors, and the file has {}{}", place, data_bytes,
                                   place > data_bytes ? ": it was cut short" : ""));
  return header;
}

/// Checks the prefix, and returns the header's length.
std::size_t header_length(std::string_view prefix, std::size_t file_bytes, std::string_view source) {
  if (prefix.size() < kLengthBytes) fail_model(source, fmt::format("it has only {} bytes", prefix.size()));
  std::uint64_t length = 0;
  std::memcpy(&length, prefix.data(), kLengthBytes);
  if (length > kMostHeaderBytes || length > file_bytes - kLengthBytes)
    fail_model(source, fmt::format("its first 8 bytes give a header length of {} bytes, and {} bytes follow", length,
                                   file_bytes - kLengthBytes));
  return static_cast<std::size_t>(length);
}

/// `read(destination)` reads the next bytes of the tensors.
template <typename Read>
Safetensors read_tensors(Header header, std::string_view source, Read read) {
  Safetensors file;
  file.metadata = std::move(header.metadata);
  for (Entry& entry : header.entries) {
    std::vector<float> values((entry.end - entry.begin) / sizeof(float));
    read(std::span<char>(reinterpret_cast<char*>(values.data()), values.size() * sizeof(float)));
    header.checksum.add(as_bytes(values));
    file.tensors.push_back({std::move(entry.name), std::move(entry.shape), std::move(values)});
  }
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION  // no mutation of a fuzzer would keep the checksum right
  if (!header.expected_checksum) fail_model(source, "it has no checksum; Gradus writes one");
  if (*header.expected_checksum != header.checksum.text())
    fail_model(source, fmt::format("its checksum is {}, and its content gives {}: it was altered", *header.expected_checksum,
                                   header.checksum.text()));
#endif
  return file;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                       std::span<const TensorView> tensors) {
  std::string header;
  try {
    Json json = Json::object();
    json[kMetadata] = metadata;
    std::size_t place = 0;
    for (const TensorView& tensor : tensors) {
      const std::size_t end = place + tensor.values.size_bytes();
      json[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {place, end}}};
      place = end;
    }
    Checksum checksum;
    checksum.add(json.dump());
    for (const TensorView& tensor : tensors) checksum.add(as_bytes(tensor.values));
    json[kMetadata][kChecksum] = checksum.text();
    header = json.dump();
  } catch (const Json::exception& error) {
    throw UsageError(fmt::format("{}: a name in this model is not UTF-8 text ({})", path.string(), error.what()));
  }
  header.resize((header.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes,
                ' ');  // aligned tensors, as the format advises

  AtomicFile file(path);
  file.write(length_prefix(header.size()));
  file.write(header);
  for (const TensorView& tensor : tensors) file.write(as_bytes(tensor.values));
  file.commit();
}

Safetensors read_safetensors(const std::filesystem::path& path, const MetadataCheck& check) {
  const std::string source = path.string();
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status)) throw FileError(fmt::format("{}: this is a folder, not a model file", source));
  // Before it is opened: opening a pipe would wait for somebody to write to it.
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    throw FileError(fmt::format("{}: a model must be a regular file", source));
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw FileError(fmt::format("{}: cannot open this file: {}", source, std::strerror(errno)));
  const auto size = static_cast<std::size_t>(std::filesystem::file_size(path, error));
  if (error) throw FileError(fmt::format("{}: cannot read this file: {}", source, error.message()));

  const auto read = [&](std::span<char> bytes) {
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (static_cast<std::size_t>(file.gcount()) != bytes.size()) fail_model(source, "it ended while it was read");
  };
  std::array<char, kLengthBytes> prefix{};
  read(std::span(prefix).first(std::min(size, kLengthBytes)));
  const std::size_t length = header_length({prefix.data(), std::min(size, kLengthBytes)}, size, source);
  std::string header(length, '\0');
  read(header);
  return read_tensors(parse_header(header, size - kLengthBytes - length, source, check), source, read);
}

Safetensors parse_safetensors(std::string_view bytes, std::string_view source, const MetadataCheck& check) {
  const std::size_t length = header_length(bytes.substr(0, kLengthBytes), bytes.size(), source);
  std::string_view data = bytes.substr(kLengthBytes + length);
  return read_tensors(parse_header(bytes.substr(kLengthBytes, length), data.size(), source, check), source,
                      [&](std::span<char> part) {
                        std::ranges::copy(data.substr(0, part.size()), part.begin());
                        data.remove_prefix(part.size());
                      });
}

}  // namespace gradus::internal
