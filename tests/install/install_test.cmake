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

# Sets `flags` to what pkg-config says of a package that lies in a folder.
function(ask_pkg_config folder package)
  set(ENV{PKG_CONFIG_PATH} ${folder})
  execute_process(COMMAND pkg-config --cflags --libs ${package}
    OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(said UNIX_COMMAND "${said}")
  set(flags ${said} PARENT_SCOPE)
endfunction()

ask_pkg_config(${prefix}/${LIBDIR}/pkgconfig nearzone)
separate_arguments(cxx_flags UNIX_COMMAND "${CXX_FLAGS}")
run(${CXX} ${cxx_flags} -std=c++20 ${outside}/main.cc ${flags} -o ${SCRATCH}/outside)
expect_works(${SCRATCH}/outside)

# The C interface, as it is installed and as it lies in the build tree, on its shared library alone.
if(CC)
  foreach(place IN ITEMS ${prefix}/${LIBDIR} ${BUILD_DIR})
    ask_pkg_config(${place}/pkgconfig nearzone-c)
    run(${CC} -std=c99 -pedantic-errors ${outside}/main.c ${flags} -o ${SCRATCH}/outside_c)
    list(FILTER flags INCLUDE REGEX "^-L")
    list(TRANSFORM flags REPLACE "^-L" "")
    set(ENV{LD_LIBRARY_PATH} ${flags})
    expect_works(${SCRATCH}/outside_c)
  endforeach()
endif()
