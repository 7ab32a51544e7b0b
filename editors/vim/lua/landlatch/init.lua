-- SPDX-License-Identifier: Apache-2.0
-- Neovim 0.7 and later: starts `llc lsp` for policies, one server for all of them.
--   require('landlatch').setup({ cmd = { '/opt/landlatch/bin/llc', 'lsp' } })
local M = {}

local client -- of Neovim before 0.8, which can't look for one that fits

-- The folder whose policies belong together: of the repository, or the file's own.
local function root(buffer)
  local folder = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':p:h')
  local git = vim.fn.finddir('.git', vim.fn.escape(folder, ' ,;*[]{}\\') .. ';')
  return git ~= '' and vim.fn.fnamemodify(git, ':p:h:h') or folder
end

local function start(config, buffer)
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  if not client or not vim.lsp.get_client_by_id(client) then
    client = vim.lsp.start_client(config)
  end
  if client then
    vim.lsp.buf_attach_client(buffer, client)
  end
end

function M.setup(options)
  options = vim.tbl_extend('force', { cmd = { 'landlatch-llc', 'lsp' } }, options or {})
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'landlatch',
    callback = function(event)
      local config = vim.tbl_extend('keep', {
        name = 'landlatch',
        root_dir = root(event.buf),
      }, options)
      start(config, event.buf)
    end,
  })
end

return M
