-- SPDX-License-Identifier: Apache-2.0
-- Neovim: starts `llc lsp` for policies. require('landlatch').setup({ cmd = { '/opt/landlatch/bin/llc', 'lsp' } })
local M = {}

function M.setup(options)
  options = vim.tbl_extend('force', { cmd = { 'landlatch-llc', 'lsp' } }, options or {})
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'landlatch',
    callback = function(event)
      vim.lsp.start({
        name = 'landlatch',
        cmd = options.cmd,
        root_dir = vim.fs.dirname(vim.api.nvim_buf_get_name(event.buf)),
      })
    end,
  })
end

return M
