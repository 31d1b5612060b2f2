#pragma once

#include <stdexcept>

namespace gradus {

/// Every error that Gradus throws on purpose. The message says what was wrong, where, and what would be right;
/// it is one or more full lines of text without a trailing newline.
class Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An option, a specification or an argument that cannot be right, whatever the data.
class UsageError : public Error {
  using Error::Error;
};

/// A file or folder that cannot be found, opened, read or written.
class FileError : public Error {
  using Error::Error;
};

/// Data that cannot be learnt from. Names the file and, for text, the line and the column.
class DataError : public Error {
  using Error::Error;
};

/// A model file that is truncated, altered, of a newer format, or not a model.
class FormatError : public Error {
  using Error::Error;
};

/// A device that was asked for and cannot be used. Says why.
class DeviceError : public Error {
  using Error::Error;
};

/// Not enough memory on the host or on the device. Says how much was asked for and how much there was.
class OutOfMemory : public Error {
  using Error::Error;
};

}  // namespace gradus
