// SPDX-License-Identifier: Apache-2.0
// The TextMate grammar on real policies: every word gets a scope, no scope of the grammar is dead, and chosen words get
// the right one. Run by tests/editors/run.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(path.join(process.env.NODE_MODULES, 'x.js'));
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const grammarFile = path.join(top, 'editors/vscode/syntaxes/landlatch.tmLanguage.json');

async function loadGrammar() {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(grammarFile, 'utf8'), grammarFile),
  });
  return registry.loadGrammar('source.landlatch');
}

function policies(folder) {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? policies(file) : name.endsWith('.ll') ? [file] : [];
  });
}

function* tokens(grammar, text) {
  let state = textmate.INITIAL;
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const token of result.tokens) {
      yield { line: number, text: line.slice(token.startIndex, token.endIndex), scopes: token.scopes };
    }
  }
}

const grammar = await loadGrammar();
const files = [
  path.join(top, 'tests/editors/sample.ll'),
  ...policies(path.join(top, 'examples')),
  ...policies(path.join(top, 'stdlib-policies')),
];

test('every token of every policy has a scope of its own', () => {
  for (const file of files) {
    for (const token of tokens(grammar, readFileSync(file, 'utf8'))) {
      if (token.text.trim() !== '') {
        assert.ok(token.scopes.length > 1, `${path.relative(top, file)}:${token.line}: no scope for '${token.text}'`);
      }
    }
  }
});

test('no rule of the grammar is dead', () => {
  const seen = new Set(files.flatMap((file) => [...tokens(grammar, readFileSync(file, 'utf8'))].flatMap((t) => t.scopes)));
  const names = [...readFileSync(grammarFile, 'utf8').matchAll(/"name": "([a-z.-]+\.landlatch)"/g)].map((m) => m[1]);
  assert.ok(names.length > 20);
  assert.deepEqual([...new Set(names)].filter((name) => !seen.has(name)), []);
});

test('words get the scope of what they are', () => {
  const scopeOf = (line, word) => [...tokens(grammar, line)].find((t) => t.text === word)?.scopes.at(-1);
  const expectations = [
    ['ruleset web extends base {', 'ruleset', 'keyword.declaration.landlatch'],
    ['ruleset web extends base {', 'web', 'entity.name.type.ruleset.landlatch'],
    ['rule web: when exec matches /usr/bin/x', 'web', 'entity.name.function.rule.landlatch'],
    ['when exec matches /usr/bin/x', 'exec', 'support.type.fact.landlatch'],
    ['    apply ruleset web with nnp', 'nnp', 'constant.language.landlatch'],
    ['allow read beneath /a#b', '/a', 'string.unquoted.path.landlatch'],
    ['allow tcp connect 8000..8010', '8000..8010', 'constant.numeric.landlatch'],
    ['import std/base as b', 'std/base', 'string.unquoted.import.landlatch'],
    ['allow read # beneath /x', '# beneath /x', 'comment.line.number-sign.landlatch'],
  ];
  for (const [line, word, scope] of expectations) {
    assert.equal(scopeOf(line, word), scope, `'${word}' in '${line}'`);
  }
});

test('the keywords are those of the lexer', () => {
  const lexer = readFileSync(path.join(top, 'grammar/LandlatchLexer.g4'), 'utf8');
  const keywords = [...lexer.matchAll(/^[A-Z]+ *: '([a-z]+)'/gm)].map((m) => m[1]);
  assert.ok(keywords.length > 50);
  const plain = keywords.filter((word) => {
    const scopes = [...tokens(grammar, ` ${word} `)].find((t) => t.text === word)?.scopes ?? [];
    return !/keyword|support/.test(scopes.at(-1) ?? '');
  });
  assert.deepEqual(plain, []);
  const vim = readFileSync(path.join(top, 'editors/vim/syntax/landlatch.vim'), 'utf8');
  const known = new Set([...vim.matchAll(/^syntax keyword \w+ (.*)$/gm)].flatMap((m) => m[1].split(/\s+/)));
  assert.deepEqual(keywords.filter((word) => !known.has(word)), []);
});
