" SPDX-License-Identifier: Apache-2.0
" Indents as `llc fmt` does: four columns inside braces and for what goes on on the next line of a `when`.
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1
setlocal indentexpr=LandlatchIndent(v:lnum)
setlocal indentkeys=0},!^F,o,O
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

function! LandlatchIndent(lnum) abort
  let l:previous = prevnonblank(a:lnum - 1)
  if l:previous == 0
    return 0
  endif
  let l:text = substitute(getline(l:previous), '\%(^\|\s\)#.*$', '', '')
  let l:indent = indent(l:previous)
  if getline(a:lnum) =~# '^\s*}'
    return max([l:text =~# '{\s*$' ? l:indent : l:indent - shiftwidth(), 0])
  endif
  if l:text =~# '{\s*$'
    return l:indent + shiftwidth()
  endif
  if l:text =~# '^\s*\%(rule\s.*:\s*\)\?when\>' && l:text !~# '\<\%(apply\|deny\|pass\)\>'
    return l:indent + shiftwidth()
  endif
  return l:text =~# '^\s\+\%(and\|or\|unless\|apply\|deny\|pass\|always\|audit\)\>' && l:text =~# '\<\%(apply\|deny\|pass\)\>'
        \ ? max([l:indent - shiftwidth(), 0]) : l:indent
endfunction
