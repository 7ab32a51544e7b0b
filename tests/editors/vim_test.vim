" SPDX-License-Identifier: Apache-2.0
" Run by tests/editors/run in Vim and Neovim: vim -es -u NONE --cmd 'let g:top = "…"' -S vim_test.vim
" Writes its failures to g:report and exits with 1 when there are any.
set nocompatible
let s:failures = []
execute 'set runtimepath^=' . g:top . '/editors/vim'
filetype plugin indent on
syntax on

function! s:Expect(what, got, wanted) abort
  if a:got !=# a:wanted
    call add(s:failures, a:what . ': got ' . string(a:got) . ', wanted ' . string(a:wanted))
  endif
endfunction

function! s:GroupAt(pattern) abort
  call cursor(1, 1)
  let [l:line, l:column] = searchpos(a:pattern, 'cW')
  if l:line == 0
    return 'pattern not found: ' . a:pattern
  endif
  return synIDattr(synID(l:line, l:column, 1), 'name')
endfunction

" The content decides whose file it is.
execute 'edit ' . g:top . '/tests/editors/llvm_ir.ll'
call s:Expect('filetype of LLVM IR is not ours', &filetype ==# 'landlatch', 0)
execute 'edit ' . g:top . '/tests/editors/sample.ll'
call s:Expect('filetype of a policy', &filetype, 'landlatch')
call s:Expect('comment string', &commentstring, '# %s')

for [s:pattern, s:group] in [
      \ ['^# A policy', 'landlatchComment'],
      \ ['^abi', 'landlatchStatement'],
      \ ['^requires abi \zs4', 'landlatchNumber'],
      \ ['allow \zsread, execute', 'landlatchRight'],
      \ ['beneath \zs/usr', 'landlatchPath'],
      \ ['"/etc/host', 'landlatchString'],
      \ ['beneath \zs\$state', 'landlatchVariable'],
      \ ['\zs\${py', 'landlatchVariable'],
      \ ['cache}\zs/x', 'landlatchPath'],
      \ ['when \zsexec', 'landlatchFact'],
      \ ['unless', 'landlatchOperator'],
      \ ['with \zsnnp', 'landlatchConstant'],
      \ ['\zsapply ruleset', 'landlatchAction'],
      \ ['\zsexpect apply', 'landlatchTest'],
      \ ['python3\zs\*', 'landlatchGlob'],
      \ ]
  call s:Expect('syntax group at ' . s:pattern, s:GroupAt(s:pattern), s:group)
endfor

" Indenting a flattened copy gives the file back.
let s:wanted = getline(1, '$')
silent %left
silent normal! gg=G
for s:number in range(1, line('$'))
  call s:Expect('indent of line ' . s:number, getline(s:number), s:wanted[s:number - 1])
endfor
silent edit!

" :make understands llc's messages.
compiler! landlatch
cgetexpr ['sample.ll:3:9: error[E0412]: right ioctl_dev is above', 'sample.ll:4:1: warning[W1401]: something', '    3 | requires']
let s:list = filter(getqflist(), 'v:val.valid')
call s:Expect('messages found', len(s:list), 2)
call s:Expect('line', get(s:list, 0, {'lnum': 0}).lnum, 3)
call s:Expect('column', get(s:list, 0, {'col': 0}).col, 9)
call s:Expect('type', get(s:list, 1, {'type': ''}).type, 'w')

call writefile(empty(s:failures) ? ['ok'] : s:failures, g:report)
if !empty(s:failures)
  cquit
endif
qall!
