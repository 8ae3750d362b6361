# Packs the server, unpacks it elsewhere, and looks at what is there: it must run, and everything
# that a machine without this repository needs must have come along.
set(tree ${SCRATCH}/tree)
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${tree})

# Sets `said` to what a command prints.
function(ask)
  execute_process(COMMAND ${ARGV} OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  set(said "${output}" PARENT_SCOPE)
endfunction()
function(expect_match text pattern)
  if(NOT text MATCHES "${pattern}")
    message(FATAL_ERROR "not found: ${pattern}\nin: ${text}")
  endif()
endfunction()

ask(${CPACK} --config ${BUILD_DIR}/CPackConfig.cmake -B ${SCRATCH})
file(GLOB package ${SCRATCH}/nearzone-authority_${VERSION}_*.deb)
ask(${DPKG_DEB} --extract ${package} ${tree})
ask(${DPKG_DEB} --control ${package} ${SCRATCH}/control)

ask(${tree}/usr/bin/nearzone-authority --version)
if(NOT said STREQUAL VERSION)
  message(FATAL_ERROR "the program says ${said}")
endif()
ask(${tree}/usr/bin/nearzone list --help)
foreach(command generate inspect verify)
  expect_match("${said}" " ${command}[ ,]")
endforeach()
ask(${tree}/usr/bin/nearzone-authority config check
  --config ${tree}/etc/nearzone-authority/authority.toml)

file(GLOB_RECURSE files RELATIVE ${tree} ${tree}/*)
set(doc usr/share/doc/nearzone-authority)
set(expected etc/nearzone-authority/authority.toml usr/bin/nearzone usr/bin/nearzone-authority
  usr/lib/systemd/system/nearzone-authority.service ${doc}/NOTICE ${doc}/authority.md
  ${doc}/copyright ${doc}/examples/alerts.yml ${doc}/examples/nginx.conf ${doc}/operations.md)
list(SORT files)
list(SORT expected)
if(NOT files STREQUAL expected)
  message(FATAL_ERROR "packed: ${files}\nexpected: ${expected}")
endif()

# What an operator changed stays through an upgrade; the libraries come by themselves.
file(READ ${SCRATCH}/control/conffiles conffiles)
expect_match("${conffiles}" "^/etc/nearzone-authority/authority.toml\n$")
file(READ ${SCRATCH}/control/control control)
foreach(library adduser libsqlite3-0 libssl3 libsodium23)
  expect_match("${control}" "Depends:[^\n]* ${library}[ ,\n]")
endforeach()
foreach(script postinst prerm postrm)
  ask(sh -n ${SCRATCH}/control/${script})
endforeach()
file(READ ${tree}/usr/lib/systemd/system/nearzone-authority.service unit)
expect_match("${unit}" "ExecStart=/usr/bin/nearzone-authority serve --config /etc/nearzone-authority/authority.toml\n")
