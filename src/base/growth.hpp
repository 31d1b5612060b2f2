#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <string_view>

#include <fmt/format.h>

#include "base/array.hpp"
#include "base/memory.hpp"

namespace gradus::internal {

/// Growth below this is not checked against the available memory.
inline constexpr std::size_t kCheckedGrowth = std::size_t{16} << 20;
/// Memory is allocated ahead of its use by at most this much, so that data which just fits is not refused.
inline constexpr std::size_t kMostGrowth = std::size_t{256} << 20;

/// Makes room for `count` more elements, so that the next `extend` cannot reallocate. Throws OutOfMemory, which names
/// `source`, before the system would end the process.
template <typename T>
void make_room(Array<T>& array, std::size_t count, std::string_view source) {
  const std::size_t size = array.size();
  if (count <= array.capacity() - size) return;
  if (count > static_cast<std::size_t>(-1) / 2 / sizeof(T) - size) throw std::bad_alloc();
  const std::size_t step = std::clamp<std::size_t>(array.capacity() / 2, 1024, kMostGrowth / sizeof(T));
  const std::size_t wanted = std::max(size + count, array.capacity() + step);
  const std::size_t bytes = (wanted - array.capacity()) * sizeof(T);
  if (bytes >= kCheckedGrowth)
    require_memory(bytes, fmt::format("the next part of {} (after {})", source, format_bytes(size * sizeof(T))));
  array.resize(wanted);
  array.resize(size);
}

}  // namespace gradus::internal
