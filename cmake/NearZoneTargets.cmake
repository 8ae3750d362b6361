# How a folder becomes a target: nearzone_module() for lib/, nearzone_test() for tests/,
# nearzone_fuzz() for tests/fuzz/, nearzone_bench() for bench/.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

include(NearZoneDependencies)

set(NEARZONE_SANITIZE "" CACHE STRING "Sanitizers for everything, such as address,undefined or thread")
if(NEARZONE_SANITIZE)
  add_compile_options(-fsanitize=${NEARZONE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NEARZONE_SANITIZE})
endif()
if(NEARZONE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

add_library(nearzone_options INTERFACE)
target_compile_options(nearzone_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Wundef -Wimplicit-fallthrough
  $<$<BOOL:${NEARZONE_WARNINGS_AS_ERRORS}>:-Werror>
  -fstack-protector-strong
  $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE$<SEMICOLON>-D_FORTIFY_SOURCE=2>
  $<$<CONFIG:MinSizeRel>:-ffunction-sections$<SEMICOLON>-fdata-sections>)
# For what waits for others, or runs once, compiling for speed would be a quarter of its build for nothing.
set(nearzone_quick_build $<$<CONFIG:Release>:-O1> $<$<CONFIG:Debug>:-O0>)

target_link_options(nearzone_options INTERFACE -Wl,-z,relro,-z,now
  $<$<CONFIG:MinSizeRel>:-Wl,--gc-sections>)

# nearzone_module(NAME [FAST] SOURCES ... [DEPENDS MODULE...] [LIBRARIES TARGET...])
# A static library nearzone_NAME (nearzone::NAME) of lib/NAME. DEPENDS names modules of ours,
# LIBRARIES the foreign ones; both are private to the implementation. A FAST one is compiled for
# speed even where everything else is for size (MinSizeRel).
function(nearzone_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FAST" "" "SOURCES;DEPENDS;LIBRARIES")
  add_library(nearzone_${name} STATIC ${arg_SOURCES})
  add_library(nearzone::${name} ALIAS nearzone_${name})
  set_target_properties(nearzone_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(nearzone_${name} PUBLIC cxx_std_20)
  target_include_directories(nearzone_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
      $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
    PRIVATE ${PROJECT_SOURCE_DIR}/lib)
  list(TRANSFORM arg_DEPENDS PREPEND nearzone::)
  target_link_libraries(nearzone_${name} PUBLIC ${arg_DEPENDS}
    PRIVATE ${arg_LIBRARIES} $<BUILD_INTERFACE:nearzone_options>)
  if(arg_FAST)
    target_compile_options(nearzone_${name} PRIVATE $<$<CONFIG:MinSizeRel>:-O2>)
  endif()
endfunction()

# nearzone_tool(TARGET): a program that is wiring. Most that a compiler does there is the command line parser's headers,
# once a translation unit: few units take less than half the time that one a file does.
function(nearzone_tool target)
  target_compile_options(${target} PRIVATE ${nearzone_quick_build})
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
endfunction()

# nearzone_test(NAME SOURCES ... [DEPENDS MODULE...] [LIBRARIES TARGET...] [LABELS LABEL...])
# A GoogleTest program NAME_test; every case of it becomes a CTest test with the labels (by default
# NAME itself). Cases run side by side: each makes its own folder where it needs one.
function(nearzone_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LIBRARIES;LABELS")
  if(NOT arg_LABELS)
    set(arg_LABELS ${name})
  endif()
  add_executable(${name}_test ${arg_SOURCES})
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/lib ${PROJECT_SOURCE_DIR}/tests)
  list(TRANSFORM arg_DEPENDS PREPEND nearzone::)
  target_link_libraries(${name}_test PRIVATE ${arg_DEPENDS} ${arg_LIBRARIES} nearzone_options
    tests_folder GTest::gmock GTest::gtest_main)
  target_compile_options(${name}_test PRIVATE ${nearzone_quick_build})
  target_precompile_headers(${name}_test REUSE_FROM tests_folder)
  gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 300)
  # Lists get lost among the properties above, so that labels are given when CTest has the cases.
  # A suite that carries one of these words in its name has it as a label as well.
  file(CONFIGURE OUTPUT ${name}_labels.cmake @ONLY CONTENT [[
foreach(case IN LISTS @name@_test_TESTS)
  set(labels @arg_LABELS@)
  foreach(word Vectors Properties)
    if(case MATCHES "^[^.]*${word}[^.]*[.]")
      string(TOLOWER ${word} label)
      list(APPEND labels ${label})
    endif()
  endforeach()
  set_tests_properties("${case}" PROPERTIES LABELS "${labels}")
endforeach()
]])
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES
    ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
endfunction()

# nearzone_fuzz(SURFACE DEPENDS MODULE... [LIBRARIES TARGET...])
# fuzz_SURFACE.cc, which defines LLVMFuzzerTestOneInput, for the reader of the first module named.
# Every build replays the files of corpus/SURFACE as the CTest test fuzz.SURFACE; with NEARZONE_FUZZ
# the same source is a libFuzzer program as well.
function(nearzone_fuzz surface)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;LIBRARIES")
  set(target fuzz_${surface})
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${surface})
  list(GET arg_DEPENDS 0 module)
  list(TRANSFORM arg_DEPENDS PREPEND nearzone::)
  add_executable(${target} ${target}.cc)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/lib ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE ${arg_DEPENDS} ${arg_LIBRARIES} nearzone_options)
  if(NEARZONE_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz.${surface} COMMAND ${target} -runs=0 ${corpus})
  else()
    target_sources(${target} PRIVATE replay_main.cc)
    add_test(NAME fuzz.${surface} COMMAND ${target} ${corpus})
  endif()
  set_tests_properties(fuzz.${surface} PROPERTIES LABELS "fuzz;${module}" TIMEOUT 300)
endfunction()

# nearzone_bench(NAME SOURCES ... [DEPENDS MODULE...] [LIBRARIES TARGET...])
# A Google Benchmark program bench_NAME, which brings its own main.
function(nearzone_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LIBRARIES")
  add_executable(bench_${name} ${arg_SOURCES})
  target_include_directories(bench_${name} PRIVATE ${PROJECT_SOURCE_DIR}/lib)
  list(TRANSFORM arg_DEPENDS PREPEND nearzone::)
  target_link_libraries(bench_${name} PRIVATE ${arg_DEPENDS} ${arg_LIBRARIES} nearzone_options
    benchmark::benchmark)
endfunction()
