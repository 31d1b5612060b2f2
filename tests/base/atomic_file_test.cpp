#include "base/atomic_file.hpp"

#include <filesystem>
#include <gmock/gmock.h>

#include <gtest/gtest.h>

#include "base/temporary_folder.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

using testing_support::read_bytes;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

std::size_t files_in(const TemporaryFolder& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()), {}));
}

TEST(AtomicFile, AppearsOnlyWhenItIsCommitted) {
  const TemporaryFolder folder;
  write_bytes(folder / "file", "old");
  {
    AtomicFile file(folder / "file");
    file.write("new");
    EXPECT_EQ(read_bytes(folder / "file"), "old");
    file.commit();
  }
  EXPECT_EQ(read_bytes(folder / "file"), "new");
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(AtomicFile, LeavesNothingWithoutCommit) {
  const TemporaryFolder folder;
  write_bytes(folder / "file", "old");
  { AtomicFile(folder / "file").write("new"); }
  EXPECT_EQ(read_bytes(folder / "file"), "old");
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(AtomicFile, HasANameOfItsOwnForEveryWriter) {
  const TemporaryFolder folder;
  AtomicFile first(folder / "file");
  AtomicFile second(folder / "file");
  first.write("first");
  second.write("second");
  second.commit();
  EXPECT_EQ(read_bytes(folder / "file"), "second");
  first.commit();
  EXPECT_EQ(read_bytes(folder / "file"), "first");
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(AtomicFile, FollowsSymbolicLinks) {
  const TemporaryFolder folder;
  write_bytes(folder / "target", "old");
  std::filesystem::create_symlink(folder / "target", folder / "link");
  AtomicFile file(folder / "link");
  file.write("new");
  file.commit();
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(read_bytes(folder / "target"), "new");
}

TEST(AtomicFile, WritesToADeviceWithoutReplacingIt) {
  AtomicFile file("/dev/null");
  file.write("lost");
  file.commit();
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(AtomicFile, UnfinishedFilesOfThisProcessCanBeRemoved) {
  const TemporaryFolder folder;
  write_bytes(folder / "other.partial-1-0", "of another process");
  AtomicFile first(folder / "file");
  AtomicFile second(folder / "file");
  EXPECT_EQ(files_in(folder), 3U);
  remove_partial_files(folder.path());
  EXPECT_EQ(files_in(folder), 1U);
  EXPECT_TRUE(std::filesystem::exists(folder / "other.partial-1-0"));
}

void expect_file_error(const std::filesystem::path& path, const std::string& reason) {
  try {
    AtomicFile file(path);
    file.write("bytes");
    file.commit();
    FAIL() << "no error for " << path;
  } catch (const FileError& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::StartsWith(path.string()), testing::HasSubstr(reason)));
  }
}

TEST(AtomicFile, SaysWhyItCannotBeWritten) {
  const TemporaryFolder folder;
  expect_file_error(folder / "missing" / "file", "No such file or directory");
  expect_file_error(folder.path(), "Is a directory");
  if (std::filesystem::exists("/dev/full")) expect_file_error("/dev/full", "No space left on device");
}

}  // namespace
}  // namespace gradus::internal
