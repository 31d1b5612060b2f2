#pragma once

/// Marks what programs may use from a shared library; everything else in it is hidden. In a static library it hides nothing,
/// but a class that is thrown stays the same type in every library of a program.
#define GRADUS_EXPORT [[gnu::visibility("default")]]

/// Marks a class inside an exported class that is not exported with it.
#define GRADUS_HIDDEN [[gnu::visibility("hidden")]]
