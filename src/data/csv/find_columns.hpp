#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv/reader.hpp"
#include "gradus/loading.hpp"

namespace gradus::internal {

/// What a column may be, in messages.
inline constexpr std::string_view kTheTarget = "the target";

/// The column of this name, counted from 0.
[[nodiscard]] std::optional<std::size_t> column_named(const CsvReader& reader, std::string_view name);

/// The column, counted from 0, that `wanted` names: a name wins over a number counted from 1. Throws UsageError, which says
/// that `role`, such as "the target", cannot be that one.
[[nodiscard]] std::size_t find_column(const CsvReader& reader, const std::string& wanted, std::string_view role);

/// The columns that a user names as targets: one, or several with commas between them. Throws UsageError.
[[nodiscard]] std::vector<std::size_t> find_targets(const CsvReader& reader, const std::string& wanted);

[[nodiscard]] bool is_among(std::span<const std::size_t> columns, std::size_t column);

/// Why a table may have a single column against its author's will; "" for a table with more.
[[nodiscard]] std::string single_column_hint(const CsvReader& reader, const DataOptions& options);

}  // namespace gradus::internal
