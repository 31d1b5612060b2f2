#include "data/source/byte_source.hpp"

#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/temporary_folder.hpp"
#include "data/data_testing.hpp"
#include "gradus/error.hpp"

namespace gradus {
namespace {

using internal::open_source;
using testing_support::contains;
using testing_support::gzipped;
using testing_support::message_of;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

std::string read_all(internal::ByteSource& source, std::size_t piece = 1000) {
  std::string all;
  std::string buffer(piece, '\0');
  while (true) {
    const std::size_t count = source.read(buffer);
    all.append(buffer, 0, count);
    if (count < piece) return all;
  }
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i * 7919 % 10007) + ",";
  return text;
}

TEST(ByteSource, ReadsAPlainFile) {
  const TemporaryFolder folder;
  write_bytes(folder / "a", long_text());
  EXPECT_EQ(read_all(*open_source(folder / "a")), long_text());
  EXPECT_EQ(open_source(folder / "a")->name(), (folder / "a").string());
}

TEST(ByteSource, ReadsGzipWhateverItsName) {
  const TemporaryFolder folder;
  write_bytes(folder / "a.csv", gzipped(long_text()));
  EXPECT_EQ(read_all(*open_source(folder / "a.csv")), long_text());
}

TEST(ByteSource, ReadsConcatenatedGzip) {
  const TemporaryFolder folder;
  write_bytes(folder / "a", gzipped("one,") + gzipped("two,") + gzipped("") + gzipped("three"));
  EXPECT_EQ(read_all(*open_source(folder / "a")), "one,two,three");
}

TEST(ByteSource, PeeksWithoutTaking) {
  const std::string text = "abcdef";
  const auto source = internal::source_from_memory("m", text);
  EXPECT_EQ(source->peek(2), "ab");
  EXPECT_EQ(source->peek(4), "abcd");
  std::string three(3, '\0');
  EXPECT_EQ(source->read(three), 3U);
  EXPECT_EQ(three, "abc");
  EXPECT_EQ(source->peek(16), "def");
  EXPECT_EQ(read_all(*source, 2), "def");
  EXPECT_EQ(source->peek(1), "");
}

TEST(ByteSource, TruncatedGzipIsAnErrorWhereverItEnds) {
  const TemporaryFolder folder;
  const std::string whole = gzipped(long_text());
  for (const std::size_t size :
       {std::size_t{3}, std::size_t{9}, std::size_t{11}, whole.size() / 2, whole.size() - 8, whole.size() - 1}) {
    write_bytes(folder / "a.gz", whole.substr(0, size));
    const std::string message = message_of([&] { read_all(*open_source(folder / "a.gz")); });
    EXPECT_TRUE(contains(message, "a.gz: this gzip file is truncated")) << size;
  }
}

TEST(ByteSource, DamagedGzipIsAnError) {
  const TemporaryFolder folder;
  std::string damaged = gzipped(long_text());
  damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
  write_bytes(folder / "a.gz", damaged);
  EXPECT_TRUE(contains(message_of([&] { read_all(*open_source(folder / "a.gz")); }), "a.gz: this gzip file is damaged: "));
}

TEST(ByteSource, WrongChecksumIsAnError) {
  const TemporaryFolder folder;
  std::string damaged = gzipped("1,2,3\n");
  damaged[damaged.size() - 8] = static_cast<char>(~damaged[damaged.size() - 8]);
  write_bytes(folder / "a.gz", damaged);
  EXPECT_TRUE(contains(message_of([&] { read_all(*open_source(folder / "a.gz")); }), "damaged: incorrect data check"));
}

TEST(ByteSource, WhatFollowsTheFirstGzipMemberIsNotIgnored) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& bytes) {
    write_bytes(folder / "a.gz", bytes);
    return message_of([&] { read_all(*open_source(folder / "a.gz")); });
  };
  const std::string member = gzipped(long_text());
  EXPECT_TRUE(contains(error(member + "garbage"), "damaged: what follows the compressed data is not gzip"));
  EXPECT_TRUE(contains(error(member + "\x1F"), "damaged: what follows the compressed data is not gzip"));
  EXPECT_TRUE(contains(error(member + std::string(300'000, '\0') + "x"), "what follows the compressed data is not gzip"));
  EXPECT_TRUE(contains(error(member + member.substr(0, member.size() / 2)), "a.gz: this gzip file is truncated"));
  std::string damaged = member;
  damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
  EXPECT_TRUE(contains(error(member + damaged), "a.gz: this gzip file is damaged: "));
  // gzip itself ignores zeros at the end: tapes and disks are filled with them.
  EXPECT_EQ(error(member + std::string(300'000, '\0')), "no error");
}

TEST(ByteSource, ManyGzipMembersOfEveryLength) {
  const TemporaryFolder folder;
  std::string bytes;
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    const std::string piece = std::to_string(i * 7919 % 10007) + "\n";
    text += piece;
    bytes += gzipped(piece);
  }
  write_bytes(folder / "a.gz", bytes);
  EXPECT_EQ(read_all(*open_source(folder / "a.gz"), 777), text);
}

TEST(ByteSource, GivesTheSystemsReason) {
  const TemporaryFolder folder;
  EXPECT_EQ(message_of<FileError>([] { return open_source("missing.csv"); }),
            "missing.csv: cannot open this file: No such file or directory");
  EXPECT_EQ(message_of<FileError>([&] { return open_source(folder.path()); }),
            folder.path().string() + ": cannot open this file: Is a directory");
  write_bytes(folder / "secret", "1,2\n");
  ::chmod((folder / "secret").c_str(), 0);
  if (::geteuid() == 0) GTEST_SKIP() << "skipped: root may read every file";
  EXPECT_TRUE(contains(message_of<FileError>([&] { return open_source(folder / "secret"); }),
                       "secret: cannot open this file: Permission denied"));
}

/// Puts a pipe with a text in the place of standard input.
class StandardInput {
 public:
  explicit StandardInput(std::string_view text) : saved_(::dup(STDIN_FILENO)) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    if (::write(ends[1], text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
    ::close(ends[1]);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;
  ~StandardInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

TEST(ByteSource, ReadsStandardInput) {
  {
    const StandardInput input("a,b\n1,2\n");
    const auto source = open_source("-");
    EXPECT_EQ(source->name(), "standard input");
    EXPECT_EQ(read_all(*source, 3), "a,b\n1,2\n");
  }
  const StandardInput input(gzipped("a,b\n3,4\n"));
  EXPECT_EQ(read_all(*open_source("-")), "a,b\n3,4\n");
}

TEST(ByteSource, TablesComeFromStandardInput) {
  const StandardInput input(gzipped("a,b\n1,0\n2,1\n"));
  const Dataset data = Dataset::load("-");
  EXPECT_EQ(data.samples(), 2U);
  EXPECT_EQ(data.source(), "standard input");
}

}  // namespace
}  // namespace gradus
