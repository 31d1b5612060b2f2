# cmake -DPROGRAM=gradus -DFOLDER=share -P GradusGenerate.cmake: the manual page and the shells' completions, as the command makes
# them from its tables of options, where they belong below a folder of data.
foreach(pair "man=man/man1/gradus.1" "complete-bash=bash-completion/completions/gradus" "complete-zsh=zsh/site-functions/_gradus"
             "complete-fish=fish/vendor_completions.d/gradus.fish")
  string(REGEX MATCH "^([^=]+)=(.+)$" ignored "${pair}")
  set(kind ${CMAKE_MATCH_1})
  set(file ${FOLDER}/${CMAKE_MATCH_2})
  get_filename_component(parent ${file} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  execute_process(COMMAND ${PROGRAM} --generate ${kind} OUTPUT_FILE ${file} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${PROGRAM} --generate ${kind}: ${status}")
  endif()
endforeach()
