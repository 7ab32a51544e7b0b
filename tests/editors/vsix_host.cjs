// SPDX-License-Identifier: Apache-2.0
// vsix_host.cjs EXTENSION LLC POLICY: loads the unpacked extension as VS Code does, with a stand-in for the `vscode`
// module, and lets its own client and the real `llc lsp` talk: diagnostics of a wrong policy, a hover, the task.
// What of the module nobody here looks at is there and does nothing. Prints the task's command line as JSON.
'use strict';

const assert = require('assert');
const fs = require('fs');
const Module = require('module');
const path = require('path');
const { pathToFileURL, fileURLToPath } = require('url');

const [extension, llc, policy] = process.argv.slice(2).map((name) => path.resolve(name));
const manifest = JSON.parse(fs.readFileSync(path.join(extension, 'package.json'), 'utf8'));

class Disposable {
  constructor(end) { this.end = end; }
  dispose() { this.end?.(); }
  static from(...all) { return new Disposable(() => all.forEach((one) => one.dispose())); }
}
class EventEmitter {
  constructor() {
    const listeners = this.listeners = new Set();
    this.event = (listener, self) => {
      const bound = self ? listener.bind(self) : listener;
      listeners.add(bound);
      return new Disposable(() => listeners.delete(bound));
    };
  }
  fire(value) { this.listeners.forEach((listener) => listener(value)); }
  dispose() { this.listeners.clear(); }
}
class Uri {
  constructor(text) { this.text = text; this.scheme = text.split(':')[0]; }
  get fsPath() { return fileURLToPath(this.text); }
  get path() { return new URL(this.text).pathname; }
  toString() { return this.text; }
  static parse(text) { return new Uri(text); }
  static file(name) { return new Uri(pathToFileURL(name).href); }
}
class Position {
  constructor(line, character) { this.line = line; this.character = character; }
}
class Range {
  constructor(a, b, c, d) {
    this.start = a instanceof Position ? a : new Position(a, b);
    this.end = a instanceof Position ? b : new Position(c, d);
  }
}
class Diagnostic {
  constructor(range, message, severity) { Object.assign(this, { range, message, severity }); }
}
class MarkdownString {
  constructor(value) { this.value = value; }
}
class Hover {
  constructor(contents, range) { Object.assign(this, { contents: [contents].flat(), range }); }
}
class ProcessExecution {
  constructor(process, args) { Object.assign(this, { process, args }); }
}
class Task {
  constructor(definition, scope, name, source, execution, matchers) {
    Object.assign(this, { definition, scope, name, source, execution, problemMatchers: matchers });
  }
}
class CancellationTokenSource {
  constructor() { this.token = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() }; }
  cancel() {}
  dispose() {}
}

/// An enumeration or class that nobody looks at.
const anything = () => new Proxy(class {}, { get: (target, key) => (key in target ? target[key] : 0) });
/// A part of the module: functions that are not given end in something to dispose of.
const part = (members) => new Proxy(members, {
  get: (target, key) => (key in target ? target[key] : () => new Disposable()),
});

const document = {
  uri: Uri.file(policy), fileName: policy, languageId: 'landlatch', version: 1, isUntitled: false, isDirty: false,
  getText: () => fs.readFileSync(policy, 'utf8'),
};
const configuration = { llc, includeDirectories: [] };
const providers = {};
const seen = {};
let diagnosed;
const diagnostics = new Promise((resolve) => { diagnosed = resolve; });
const opened = new EventEmitter();

const known = {
  version: manifest.engines.vscode.replace(/^\^/, ''), // the oldest that it says it runs in
  Disposable, EventEmitter, Uri, Position, Range, Diagnostic, MarkdownString, Hover, Task, ProcessExecution,
  CancellationTokenSource,
  CancellationError: class extends Error {},
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  TaskScope: { Global: 1, Workspace: 2 },
  CodeActionKind: new Proxy({}, { get: () => ({ value: '', append: () => ({ value: '' }) }) }),
  env: part({ language: 'en', appName: 'stand-in' }),
  workspace: part({
    textDocuments: [document], workspaceFolders: undefined, notebookDocuments: [],
    getConfiguration: (section) => ({
      get: (key, otherwise) => (section === 'landlatch' && key in configuration ? configuration[key] : otherwise),
    }),
    onDidOpenTextDocument: opened.event,
    createFileSystemWatcher: () => part({}),
  }),
  window: part({
    activeTextEditor: { document }, visibleTextEditors: [], tabGroups: part({ all: [] }),
    createOutputChannel: () => part({}),
    showErrorMessage: (message) => { throw new Error(message); },
  }),
  languages: part({
    createDiagnosticCollection: () => part({ set: (uri, found) => { if (found?.length) { diagnosed([uri, found]); } } }),
    match: (selector) => ([selector].flat().some((one) => one.language === document.languageId) ? 10 : 0),
    ...Object.fromEntries(['Hover', 'Definition', 'Rename', 'CodeActions', 'CompletionItem'].map((name) => [
      `register${name}Provider`,
      (selector, provider) => { providers[name] = provider; return new Disposable(); },
    ])),
  }),
  commands: part({ registerCommand: (name) => { seen[name] = true; return new Disposable(); } }),
  tasks: part({ registerTaskProvider: (type, provider) => { seen[type] = provider; return new Disposable(); } }),
};
const made = {};
const stand_in = new Proxy(known, {
  get: (target, key) => target[key] ?? (made[key] ??= anything()),
});

const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? stand_in : load(request, ...rest));

function within(seconds, promise, what) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no ${what} in ${seconds} s`)), seconds * 1000).unref();
  });
  return Promise.race([promise, late]);
}

async function main() {
  const { activate, deactivate } = require(path.join(extension, manifest.main));
  const context = { subscriptions: [] };
  await within(60, activate(context), 'activation');
  const [uri, found] = await within(60, diagnostics, 'diagnostics');
  assert.strictEqual(uri.fsPath, policy);
  assert.strictEqual(found.length, 1);
  assert.match(found[0].message, /^unknown right `raed`/);
  assert.strictEqual(found[0].severity, 0);
  assert.strictEqual(found[0].code, 'E0300');
  assert.deepStrictEqual(found[0].range, new Range(new Position(2, 10), new Position(2, 14)));

  const hover = await within(60, providers.Hover.provideHover(document, new Position(2, 21),
    new CancellationTokenSource().token), 'hover');
  assert.match(hover.contents[0].value, /`execute`: .*ABI 1, Linux 5\.13/s);
  for (const name of ['Definition', 'Rename', 'CodeActions', 'CompletionItem']) {
    assert.ok(providers[name], `no provider of ${name}`);
  }
  for (const { command } of manifest.contributes.commands) {
    assert.ok(seen[command], `${command} is named and not there`);
  }
  const tasks = [];
  for (const { type } of manifest.contributes.taskDefinitions) {
    tasks.push(...await seen[type].provideTasks());
  }
  assert.strictEqual(tasks.length, 1);
  const matchers = manifest.contributes.problemMatchers.map((matcher) => `$${matcher.name}`);
  assert.deepStrictEqual(tasks[0].problemMatchers, matchers);
  context.subscriptions.forEach((one) => one.dispose());
  await within(60, deactivate(), 'end of the server');
  console.log(JSON.stringify([tasks[0].execution.process, ...tasks[0].execution.args]));
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
