// Tried by GradusFmt.cmake: whether what this calls is in src/base/fmt.cpp.
#include <cstdio>
#include <iterator>
#include <locale>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

int main(int count, char** arguments) {
  const std::vector<double> numbers(static_cast<std::size_t>(count), 0.1);
  std::string text = fmt::format("{} {:.3f} {:.17g} {:>10} {:x}", count, 0.5F, numbers[0], arguments[0], count);
  fmt::format_to(std::back_inserter(text), " {:e} {:g} {}", 1e300, 0.1F, fmt::join(numbers, ", "));
  text += fmt::format(fmt::runtime(" {:.{}} {} {}"), numbers[0], 3, 0.1F, static_cast<const void*>(arguments));
  text += fmt::format(std::locale::classic(), " {:L} {:L}", count, numbers[0]);
  return std::puts(text.c_str()) < 0 ? 1 : 0;
}
