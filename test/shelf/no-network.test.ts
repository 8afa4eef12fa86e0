/** Only one file of Sotto can open a connection, and only the download asks it to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => ({ name: name.replaceAll('\\', '/'), text: readFileSync(join('src', name), 'utf8') }));

const using = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

it('only hub-requests.ts imports a module that can open a connection', () => {
  const modules = 'https?|http2|net|tls|dgram|dns(/promises)?|inspector|undici';
  expect(using(new RegExp(`(from|import|require)\\s*\\(?\\s*['"](node:)?(${modules})['"]`))).toEqual([
    'shelf/hub-requests.ts',
  ]);
});

it('no file uses a global that can', () =>
  expect(using(/(?<![.\w'"`-])(fetch|WebSocket|EventSource|XMLHttpRequest)\s*\(/)).toEqual([]));

it('only the download and the list before it use hub-requests.ts', () =>
  expect(using(/from '\.\.?\/(shelf\/)?hub-requests'/)).toEqual([
    'editor/download-model.ts',
    'shelf/download.ts',
    'shelf/repository.ts',
  ]));

it('the bundles bring no other code that imports such a module', () => {
  for (const bundle of ['engine.js', 'inspection.js'])
    expect(readFileSync(join('dist', bundle), 'utf8')).not.toMatch(
      /require\("(node:)?(https?|http2|net|tls|dgram)"\)/,
    );
  const extension = readFileSync('dist/extension.js', 'utf8').match(
    /require\("(node:)?(https?|http2|net|tls|dgram)"\)/g,
  );
  expect([...(extension ?? [])].sort()).toEqual(['require("http")', 'require("https")']);
});
