#pragma once

/// What programs may use of a shared library; everything else of it is hidden. Of a static library it changes nothing, but
/// classes that are thrown stay the same type in every library of a program.
#define GRADUS_EXPORT [[gnu::visibility("default")]]

/// A class within an exported one that is not exported with it.
#define GRADUS_HIDDEN [[gnu::visibility("hidden")]]
