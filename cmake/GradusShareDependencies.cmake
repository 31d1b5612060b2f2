# When Gradus is part of another project (add_subdirectory, FetchContent), what find_package found here is visible in this folder
# only, but whoever links a static gradus::gradus links these too. Targets that the other project had found already are its own.
get_property(gradus_found_here DIRECTORY PROPERTY IMPORTED_TARGETS)
foreach(target IN LISTS gradus_found_here)
  get_target_property(is_global ${target} IMPORTED_GLOBAL)
  if(NOT is_global)
    set_target_properties(${target} PROPERTIES IMPORTED_GLOBAL TRUE)
  endif()
endforeach()
