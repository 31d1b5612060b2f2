#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "data/csv/tokenizer.hpp"

namespace gradus::internal {

/// A feature has at most this many inputs for its names.
inline constexpr std::size_t kMostCategories = 65'536;

/// A field of names as it is called: a number in one form, whatever its digits ("3" for "3.0"); text as it is.
[[nodiscard]] std::string category_name(std::string_view text);

/// Whether a field of names is without one: it is empty, or a word for a missing value that is not in quotes.
[[nodiscard]] bool is_missing_name(const CsvField& field);

/// The bucket, of this many, that a name belongs to: its bytes' 64-bit FNV-1a hash, modulo their number.
[[nodiscard]] std::size_t bucket_of(std::string_view name, std::size_t buckets);

}  // namespace gradus::internal
