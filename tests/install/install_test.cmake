set(outside ${CMAKE_CURRENT_LIST_DIR}/outside)
set(prefix ${SCRATCH}/prefix)
# The first of the published test vectors of Exposure Notification.
set(identifier "8be6cd371c5c891604bfbe49df845096")

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Runs the outside program and looks at what it prints.
function(expect_works program)
  file(REMOVE_RECURSE ${SCRATCH}/phone)
  execute_process(COMMAND ${program} ${SCRATCH}/phone
    OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
  if(NOT printed STREQUAL "NearZone ${VERSION}\n${identifier}\n")
    message(FATAL_ERROR "${program} printed: ${printed}")
  endif()
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix})

run(${CMAKE_COMMAND} -S ${outside} -B ${SCRATCH}/cmake -G Ninja
  -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${CXX_FLAGS}
  "-DCMAKE_PREFIX_PATH=${prefix};${PREFIX_PATH}")
run(${CMAKE_COMMAND} --build ${SCRATCH}/cmake)
expect_works(${SCRATCH}/cmake/outside)

set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
execute_process(COMMAND pkg-config --cflags --libs nearzone
  OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${flags}")
separate_arguments(cxx_flags UNIX_COMMAND "${CXX_FLAGS}")
run(${CXX} ${cxx_flags} -std=c++20 ${outside}/main.cc ${flags} -o ${SCRATCH}/outside)
expect_works(${SCRATCH}/outside)
