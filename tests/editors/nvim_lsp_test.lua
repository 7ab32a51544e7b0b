-- SPDX-License-Identifier: Apache-2.0
-- Neovim, headless, with the plugin and the real server: diagnostics of a wrong policy, and none of LLVM IR.
-- Run by tests/editors/run: LLC, TOP, POLICY and REPORT come from the environment.
local function report(text)
  local file = assert(io.open(os.getenv('REPORT'), 'w'))
  file:write(text .. '\n')
  file:close()
  vim.cmd(text == 'ok' and 'qall!' or 'cquit')
end

local ok, problem = pcall(function()
  vim.opt.runtimepath:prepend(os.getenv('TOP') .. '/editors/vim')
  vim.cmd('filetype plugin indent on')
  require('landlatch').setup({ cmd = { os.getenv('LLC'), 'lsp' } })
  vim.cmd('edit ' .. os.getenv('POLICY'))
  assert(vim.bo.filetype == 'landlatch', 'filetype is ' .. vim.bo.filetype)
  local function wait(what, holds)
    assert(vim.wait(60000, holds, 50), 'waited in vain for ' .. what)
  end
  wait('a diagnostic', function() return #vim.diagnostic.get(0) == 1 end)
  local found = vim.diagnostic.get(0)[1]
  assert(found.code == 'E0300', 'code is ' .. tostring(found.code))
  assert(found.lnum == 2 and found.col == 10, 'at ' .. found.lnum .. ':' .. found.col)
  vim.api.nvim_buf_set_lines(0, 2, 3, false, { '    allow read beneath /usr' })
  wait('the diagnostic to go', function() return #vim.diagnostic.get(0) == 0 end)
  local answer = vim.lsp.buf_request_sync(0, 'textDocument/hover', {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = { line = 2, character = 11 },
  }, 60000)
  local _, first = next(answer)
  assert(first.result.contents.value:find('read_dir'), 'hover says ' .. vim.inspect(first))
  -- A definition in the toolchain's own library is a file to read, and a policy like any other.
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'abi 7', 'import std/python',
    'when under unit x always apply python.runtime with nnp' })
  answer = vim.lsp.buf_request_sync(0, 'textDocument/definition', {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = { line = 2, character = 40 },
  }, 60000)
  _, first = next(answer)
  vim.cmd('write')
  vim.lsp.util.jump_to_location(first.result, 'utf-16')
  assert(vim.api.nvim_buf_get_name(0):find('landlatch/std/python.ll$'), 'went to ' .. vim.api.nvim_buf_get_name(0))
  assert(vim.bo.filetype == 'landlatch' and vim.fn.expand('<cword>') == 'runtime', 'at ' .. vim.fn.expand('<cword>'))
  assert(vim.bo.readonly, 'the library can be written to')
  vim.cmd('edit! ' .. os.getenv('TOP') .. '/tests/editors/llvm_ir.ll')
  assert(vim.bo.filetype ~= 'landlatch', 'LLVM IR was taken for a policy')
end)
report(ok and 'ok' or tostring(problem))
