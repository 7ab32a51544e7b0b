" SPDX-License-Identifier: Apache-2.0
" Landlatch policies share their .ll ending with LLVM IR. The content decides: a file whose first statement is one of
" ours is a policy, everything else stays with LLVM.
autocmd BufRead,BufNewFile *.ll call s:Detect()

function! s:Detect() abort
  for l:line in getline(1, 200)
    if l:line =~# '^\s*$' || l:line =~# '^\s*#'
      continue
    endif
    if l:line =~# '^\s*\%(abi\s\+\d\|requires\s\+abi\>\|import\s\+\S\|use\s\+rules\>\|let\s\+\h\|param\s\+\h\|ruleset\s\+["A-Za-z_]\|rule\s\+["A-Za-z_]\|when\s\+\|prefer\s\+\|test\s\+"\)'
      setlocal filetype=landlatch
    endif
    return
  endfor
endfunction
