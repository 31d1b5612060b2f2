#include "data/csv/buffer.hpp"

#include <algorithm>
#include <cstring>

#include "base/growth.hpp"

namespace gradus::internal {
namespace {

// Behind the text: a line end that the file may lack, and NULs, so that a number may be looked at four bytes at a time.
constexpr std::size_t kReserve = 5;

}  // namespace

CsvBuffer::CsvBuffer(ByteSource& source, const CsvLimits& limits)
    : source_(source),
      longest_record_(limits.longest_record),
      memory_(std::max<std::size_t>(limits.buffer_size, 1) + kReserve) {
  std::memset(memory_.data(), 0, kReserve);
}

bool CsvBuffer::read_more() {
  if (at_end_) return true;
  const std::size_t kept = end_ - begin_;
  std::memmove(memory_.data(), memory_.data() + begin_, kept);
  begin_ = 0;
  end_ = kept;
  if (kept > longest_record_) return false;
  if (kept > (memory_.size() - kReserve) / 2) {
    const std::size_t size = memory_.size();
    make_room(memory_, size, source_.name());
    memory_.resize(2 * size);
  }
  const std::size_t wanted = memory_.size() - kReserve - kept;
  const std::size_t count = source_.read({memory_.data() + kept, wanted});
  end_ += count;
  if (count < wanted) {
    at_end_ = true;
    if (end_ > 0 && memory_[end_ - 1] != '\n') memory_[end_++] = '\n';
  }
  std::memset(memory_.data() + end_, 0, kReserve - 1);
  return true;
}

void CsvBuffer::fill(std::size_t size) {
  while (!at_end_ && end_ - begin_ < size)
    if (!read_more()) return;
}

}  // namespace gradus::internal
