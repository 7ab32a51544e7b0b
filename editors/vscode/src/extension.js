// SPDX-License-Identifier: Apache-2.0
// Starts `llc lsp` for policies and offers `llc check` as a task.
'use strict';

const path = require('path');
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

function settings() {
  const configuration = vscode.workspace.getConfiguration('landlatch');
  return { llc: configuration.get('llc'), include: configuration.get('includeDirectories') };
}

async function start() {
  const { llc, include } = settings();
  const args = ['lsp', ...include.flatMap((directory) => ['-I', directory])];
  client = new LanguageClient('landlatch', 'Landlatch', { command: llc, args }, {
    documentSelector: [{ language: 'landlatch' }],
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.ll') },
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    vscode.window.showErrorMessage(
      `Landlatch: ${llc} lsp did not start (${error.message}). Set landlatch.llc to the full path of Landlatch's llc.`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running) {
    await running.stop();
  }
}

function checkTask(definition) {
  const { llc, include } = settings();
  const args = ['check', ...include.flatMap((directory) => ['-I', directory]), definition.file];
  return new vscode.Task(definition, vscode.TaskScope.Workspace, `check ${path.basename(definition.file)}`, 'landlatch',
    new vscode.ProcessExecution(llc, args), ['$landlatch']);
}

exports.activate = async function (context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('landlatch.restart', async () => { await stop(); await start(); }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('landlatch')) { await stop(); await start(); }
    }),
    vscode.tasks.registerTaskProvider('landlatch', {
      provideTasks() {
        const document = vscode.window.activeTextEditor?.document;
        return document?.languageId === 'landlatch' ? [checkTask({ type: 'landlatch', file: document.fileName })] : [];
      },
      resolveTask(task) { return task.definition.file ? checkTask(task.definition) : undefined; },
    }));
  await start();
};

exports.deactivate = stop;
