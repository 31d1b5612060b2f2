#pragma once

#include <stdexcept>

#include "gradus/export.hpp"

namespace gradus {

/// The base of every error that Gradus throws on purpose. The message says what is wrong, where, and what would be right. It
/// has one or more lines of text, without a newline at the end. Options are keys in backticks, such as
/// `learning_rate`; the command shows this one as `--learning-rate`.
class GRADUS_EXPORT Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An option, a specification or an argument that is wrong, or that does not fit the data or the other options.
class GRADUS_EXPORT UsageError : public Error {
  using Error::Error;
};

/// A file or folder that cannot be found, opened, read or written.
class GRADUS_EXPORT FileError : public Error {
  using Error::Error;
};

/// Data that cannot be used. The message names the file and, for text, the line and the column.
class GRADUS_EXPORT DataError : public Error {
  using Error::Error;
};

/// A model file that is truncated, altered, of a newer format, or not a model.
class GRADUS_EXPORT FormatError : public Error {
  using Error::Error;
};

/// A device that was asked for and cannot be used. The message says why.
class GRADUS_EXPORT DeviceError : public Error {
  using Error::Error;
};

/// Not enough memory on the host or on the device. The message says how much was needed and how much there was.
class GRADUS_EXPORT OutOfMemory : public Error {
  using Error::Error;
};

}  // namespace gradus
