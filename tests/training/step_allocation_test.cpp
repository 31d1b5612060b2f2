// A step allocates nothing. A program of its own, since it replaces the global operator new.
#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "gradus/trainer.hpp"
#include "training/example_data.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

void* counted_aligned(std::size_t size, std::align_val_t alignment) noexcept {
  ++allocations;
  const auto unit = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(unit, (size + unit) / unit * unit);
}

}  // namespace

// The backend's buffers come from the aligned form.
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return counted_aligned(size, alignment);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace gradus {
namespace {

void expect_no_allocations(const NetworkSpec& network, const TrainingOptions& options, std::size_t samples) {
  Trainer trainer(network, testing_support::two_classes(samples), options);
  const std::size_t steps_per_epoch = (samples + *trainer.options().batch_size - 1) / *trainer.options().batch_size;
  trainer.step();  // oneDNN makes its kernels at the first products
  const std::size_t before = allocations;
  for (std::size_t i = 0; i < 3 * steps_per_epoch; ++i) trainer.step();
  EXPECT_EQ(allocations, before);
}

TEST(Step, AllocatesNothing) {
  std::size_t before = allocations;
  static_cast<void>(std::make_unique<int>(1));
  EXPECT_EQ(allocations, before + 1) << "the count works";
  before = allocations;
  ::operator delete (::operator new (64, std::align_val_t{64}, std::nothrow), std::align_val_t{64});
  EXPECT_EQ(allocations, before + 1) << "also for buffers";

  TrainingOptions minibatches;
  minibatches.batch_size = 8;
  expect_no_allocations({}, minibatches, 50);
  expect_no_allocations({}, {}, 50);
  expect_no_allocations({.hidden = {300}}, {}, 25000);  // divided into groups of rows
  TrainingOptions changed = minibatches;
  changed.augmentation.input_noise = 0.1;
  changed.augmentation.mixup = 0.2;
  changed.regularization.dropout = 0.2;
  changed.augmentation.distortions = {.shift = 1.0, .elastic = 2.0};
  changed.augmentation.image_size = ImageSize{1, 2};
  expect_no_allocations({}, changed, 50);
  TrainingOptions threads;
  threads.execution.threads = 2;
  threads.batch_size = 256;
  expect_no_allocations({.hidden = {256, 256}}, threads, 512);
}

}  // namespace
}  // namespace gradus
