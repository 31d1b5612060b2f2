#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace gradus::internal {

/// The four files of a folder in MNIST's layout, as far as they are there.
struct MnistFolder {
  enum File : std::size_t { train_images, train_labels, test_images, test_labels };

  std::string path;
  std::array<std::optional<std::string>, 4> files;

  /// The path of a file. Throws FileError, which names every file that is missing, when it is not there.
  [[nodiscard]] const std::string& file(File which) const;
};

/// Looks for `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`,
/// also with `.idx` for `-idx` and with `.gz`; a plain file wins. Throws DataError when the folder has none of them.
[[nodiscard]] MnistFolder find_mnist_files(const std::string& folder);

}  // namespace gradus::internal
