" SPDX-License-Identifier: Apache-2.0
" :compiler landlatch, then :make: fills the quickfix list from `llc check`. g:landlatch_llc names the program
" where `llc` on the PATH is LLVM's.
if exists('current_compiler')
  finish
endif
let current_compiler = 'landlatch'
execute 'CompilerSet makeprg=' . escape(get(g:, 'landlatch_llc', 'landlatch-llc') . ' check %:S', ' \|"')
CompilerSet errorformat=%f:%l:%c:\ %trror[E%n]:\ %m,%f:%l:%c:\ %tarning[W%n]:\ %m,%-G%.%#
