// What {fmt} has beside templates, compiled once here: header-only it costs each source that prints a number three seconds,
// and ten with sanitizers. cmake/GradusFmt.cmake tries whether this fits the version that is installed.
#include <locale>

#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {

template dragonbox::decimal_fp<float> dragonbox::to_decimal(float) noexcept;
template dragonbox::decimal_fp<double> dragonbox::to_decimal(double) noexcept;

template locale_ref::locale_ref(const std::locale&);
template std::locale locale_ref::get<std::locale>() const;
template thousands_sep_result<char> thousands_sep_impl(locale_ref);
template char decimal_point_impl(locale_ref);

template void buffer<char>::append(const char*, const char*);

}  // namespace detail
FMT_END_NAMESPACE
