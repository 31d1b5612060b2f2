#pragma once

#include <stdexcept>

#include "gradus/export.hpp"

namespace gradus {

/// Every error that Gradus throws on purpose. The message says what was wrong, where, and what would be right;
/// it is one or more full lines of text without a trailing newline.
class GRADUS_EXPORT Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An option, a specification or an argument that cannot be right, whatever the data.
class GRADUS_EXPORT UsageError : public Error {
  using Error::Error;
};

/// A file or folder that cannot be found, opened, read or written.
class GRADUS_EXPORT FileError : public Error {
  using Error::Error;
};

/// Data that cannot be learnt from. Names the file and, for text, the line and the column.
class GRADUS_EXPORT DataError : public Error {
  using Error::Error;
};

/// A model file that is truncated, altered, of a newer format, or not a model.
class GRADUS_EXPORT FormatError : public Error {
  using Error::Error;
};

/// A device that was asked for and cannot be used. Says why.
class GRADUS_EXPORT DeviceError : public Error {
  using Error::Error;
};

/// Not enough memory on the host or on the device. Says how much was asked for and how much there was.
class GRADUS_EXPORT OutOfMemory : public Error {
  using Error::Error;
};

}  // namespace gradus
