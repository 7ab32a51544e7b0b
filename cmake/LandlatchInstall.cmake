# SPDX-License-Identifier: Apache-2.0
# Where `cmake --install` puts things. LLVM has a program called llc too; it is never replaced: ours is installed as
# landlatch-llc, and gets the name llc as well only in a prefix of its own.
if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
  set(CMAKE_INSTALL_PREFIX /opt/landlatch CACHE PATH "Where to install" FORCE)
endif()

# landlatch_install(TARGET NAME): the program as bin/NAME.
function(landlatch_install target name)
  install(PROGRAMS $<TARGET_FILE:${target}> DESTINATION bin RENAME ${name} COMPONENT ${target})
endfunction()

# landlatch_install_alias(ALIAS NAME): bin/ALIAS -> NAME, where no other program has that name.
function(landlatch_install_alias alias name)
  install(CODE "
    set(link \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin/${alias}\")
    set(target \"\")
    if(IS_SYMLINK \"\${link}\")
      file(READ_SYMLINK \"\${link}\" target)
    endif()
    if(CMAKE_INSTALL_PREFIX MATCHES \"^/(usr|usr/local)?/?$\")
      message(STATUS \"No ${alias} in \${CMAKE_INSTALL_PREFIX}/bin: that name is LLVM's there; use ${name}\")
    elseif(EXISTS \"\${link}\" AND NOT target STREQUAL \"${name}\")
      message(STATUS \"Kept: \${link} is another program; use ${name}\")
    else()
      file(CREATE_LINK ${name} \"\${link}\" SYMBOLIC)
      message(STATUS \"Linked: \${link} -> ${name}\")
    endif()" COMPONENT llc)
endfunction()
