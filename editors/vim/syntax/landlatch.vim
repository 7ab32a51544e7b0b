" SPDX-License-Identifier: Apache-2.0
" Vim syntax for Landlatch policies. The words are those of grammar/LandlatchLexer.g4 (tests/editors checks that).
if exists('b:current_syntax')
  finish
endif
let s:cpo = &cpo
set cpo&vim
syntax case match

" `-` and `@` belong to words, so that `make_dir` and `web@x` are one.
syntax iskeyword @,48-57,_,@-@,-

syntax match landlatchName /\<[A-Za-z_][A-Za-z0-9_@-]*\%(\.[A-Za-z_][A-Za-z0-9_@-]*\)*\>/
syntax match landlatchNumber /\<\d\+\%(\.\.\d\+\)\?\>/
syntax match landlatchDelimiter /[{}()\[\],;:=]/
syntax match landlatchArrow /->/

syntax keyword landlatchStatement abi requires import use rules let param ruleset rule when prefer test as env over
syntax keyword landlatchClause allow leave isolate quiet log paths extends except leaving unrestricted optional
syntax keyword landlatchKind beneath file each in matches
syntax keyword landlatchFact exec script parent ancestor under unit slice cgroup user real group setuid unlinked
syntax keyword landlatchOperator and or not unless
syntax keyword landlatchAction apply deny pass always audit with
syntax keyword landlatchTest given link set expect none refuse from
syntax keyword landlatchRight execute write_file read_file read_dir remove_dir remove_file make_char make_dir make_reg make_sock
syntax keyword landlatchRight make_fifo make_block make_sym refer truncate ioctl_dev resolve_unix
syntax keyword landlatchRight read write create remove devices all
syntax keyword landlatchRight tcp udp connect bind scope fs signal abstract_unix_socket
syntax keyword landlatchConstant nnp on off same_exec new_exec subdomains container target path port ports

syntax match landlatchPath /\%(^\|[[:space:],(\[={}"]\)\@<=\/\%(\\.\|\[[^][:space:]"]*\]\|{[^[:space:]"]*}\|[^][:space:],;(){}#"\\[]\)*/ contains=landlatchGlob,landlatchEscape,landlatchVariable
syntax match landlatchVariable /\$\%([A-Za-z_][A-Za-z0-9_@-]*\|{[A-Za-z_][A-Za-z0-9_@.-]*}\)/
" A path may begin with a variable; defined later, so that it wins over the variable alone.
syntax match landlatchPath /\%(^\|[[:space:],(\[={}"]\)\@<=\$\%([A-Za-z_][A-Za-z0-9_@-]*\|{[A-Za-z_][A-Za-z0-9_@.-]*}\)\/\%(\\.\|\[[^][:space:]"]*\]\|{[^[:space:]"]*}\|[^][:space:],;(){}#"\\[]\)*/ contains=landlatchGlob,landlatchEscape,landlatchVariable
syntax match landlatchGlob /\*\*\?\|?\|\[[^]]*\]\|[{},]/ contained
syntax match landlatchEscape /\\./ contained
syntax region landlatchString start=/"/ skip=/\\./ end=/"/ oneline contains=landlatchEscape,landlatchVariable
syntax match landlatchComment /\%(^\|[[:space:],;(){}"\]]\)\@<=#.*$/ contains=landlatchTodo,@Spell
syntax keyword landlatchTodo TODO FIXME NOTE contained

highlight default link landlatchName Identifier
highlight default link landlatchNumber Number
highlight default link landlatchDelimiter Delimiter
highlight default link landlatchArrow Operator
highlight default link landlatchStatement Statement
highlight default link landlatchClause Keyword
highlight default link landlatchKind Keyword
highlight default link landlatchFact Type
highlight default link landlatchOperator Operator
highlight default link landlatchAction Special
highlight default link landlatchTest PreProc
highlight default link landlatchRight Function
highlight default link landlatchConstant Constant
highlight default link landlatchPath String
highlight default link landlatchVariable PreProc
highlight default link landlatchGlob SpecialChar
highlight default link landlatchEscape SpecialChar
highlight default link landlatchString String
highlight default link landlatchComment Comment
highlight default link landlatchTodo Todo

let b:current_syntax = 'landlatch'
let &cpo = s:cpo
unlet s:cpo
