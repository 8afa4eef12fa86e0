/** Names of repositories, and which of their files are a model. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { catalogue } from '../../src/shelf/catalogue';
import { mayHaveToken } from '../../src/shelf/hub-requests';
import { filePath, isSafePath, listFiles, modelsIn, readRepositoryName } from '../../src/shelf/repository';
import { startHub } from './hub-server';
import { selfSigned } from './self-signed';

const never = new AbortController().signal;

describe('a name', () => {
  it.each([
    ['Qwen/Qwen2.5-Coder-1.5B', 'Qwen/Qwen2.5-Coder-1.5B', undefined],
    [' ada/tiny-GGUF/tiny.Q4_K_M.gguf ', 'ada/tiny-GGUF', 'tiny.Q4_K_M.gguf'],
    ['https://huggingface.co/ada/tiny-GGUF', 'ada/tiny-GGUF', undefined],
    ['https://huggingface.co/ada/tiny-GGUF/tree/main', 'ada/tiny-GGUF', undefined],
    ['https://mirror.example/ada/tiny/blob/main/sub/a.gguf?download=true', 'ada/tiny', 'sub/a.gguf'],
    ['hf.co/ada/tiny/', 'ada/tiny', undefined],
  ])('%j is %s and %s', (text, repository, file) =>
    expect(readRepositoryName(text)).toEqual({ repository, ...(file !== undefined && { file }) }),
  );

  it.each([
    '',
    'tiny',
    'ada/',
    '/tiny',
    '../tiny',
    'ada/..',
    'a b/tiny',
    'ada/tiny/../../x.gguf',
    'ada/a--b',
    'ada/tiny/C:\\x',
  ])('%j is none', text => expect(readRepositoryName(text)).toBeUndefined());
});

it.each(['../a', 'a/../b', '/a', 'a//b', 'a\\b', 'C:a', 'a\n', '..', '.', '', 'a/.', 'con:', 'a.', 'a '])(
  'a path such as %j leads out of its folder on some platform',
  path => expect(isSafePath(path)).toBe(false),
);

it('files are asked for by percent-encoded names', () =>
  expect(filePath('ada/tiny', { path: 'a b/ü#?.gguf' })).toBe(
    '/ada/tiny/resolve/main/a%20b/%C3%BC%23%3F.gguf',
  ));

const bytes = (length: number) => new Uint8Array(length);

it('lists all pages, with hashes, and leaves out names that lead elsewhere', async () => {
  const hub = await startHub({
    'ada/tiny': {
      'a.gguf': bytes(500),
      'b.json': bytes(5),
      'c/d.gguf': bytes(600),
      '../evil.gguf': bytes(700),
      'e.gguf': bytes(800),
    },
  });
  onTestFinished(() => hub.stop());
  const files = await listFiles({ address: hub.address }, 'ada/tiny', never);
  expect(files.map(({ path }) => path)).toEqual(['a.gguf', 'b.json', 'c/d.gguf', 'e.gguf']);
  expect(files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(files[1]?.gitHash).toMatch(/^[0-9a-f]{40}$/);
  expect(files[1]?.sha256).toBeUndefined();
});

it.each([
  [404, 'has no such repository or file'],
  [401, 'asks for an access token'],
  [403, 'asks for an access token'],
  [500, 'has a fault (500)'],
  [429, 'too many requests'],
  [418, 'answered with the status 418'],
  [204, 'did not answer with JSON'],
])('says what a list with the status %i means', async (status, message) => {
  const hub = await startHub({ 'ada/tiny': {} });
  onTestFinished(() => hub.stop());
  hub.listStatus = status;
  await expect(listFiles({ address: hub.address }, 'ada/tiny', never)).rejects.toThrow(message);
});

it('says that nobody listens there', async () => {
  const hub = await startHub();
  await hub.stop();
  await expect(listFiles({ address: hub.address }, 'ada/tiny', never)).rejects.toThrow(
    /refuses the connection \(see the settings sotto\.hub and http\.proxy\)/,
  );
});

it('says that a certificate is not trusted, and where that can be changed', async () => {
  const hub = await startHub({ 'ada/tiny': {} }, selfSigned());
  onTestFinished(() => hub.stop());
  await expect(listFiles({ address: hub.address }, 'ada/tiny', never)).rejects.toThrow(
    /its certificate is not trusted \(self-signed certificate; see VS Code's setting http\.proxyStrictSSL\)/,
  );
  expect(hub.requests).toEqual([]);
});

it.each([
  ['https://huggingface.co', true],
  ['http://localhost:8080', true],
  ['http://127.0.0.1:8080', true],
  ['http://[::1]:8080', true],
  ['http://mirror.example', false],
  ['http://127.0.0.1.mirror.example', false],
])('a token may be sent to %s: %s', (address, may) => expect(mayHaveToken(new URL(address))).toBe(may));

describe('the models of a repository', () => {
  const models = (paths: Readonly<Record<string, number>>) =>
    modelsIn(Object.entries(paths).map(([path, size]) => ({ path, bytes: size })));
  const spelled = (paths: Readonly<Record<string, number>>) =>
    models(paths).map(model => `${model.path}: ${model.files.map(({ path }) => path).join(' ')}`);

  it('are its GGUF files, the smallest first', () =>
    expect(spelled({ 'b.gguf': 9, 'a.gguf': 10, 'README.md': 1, 'mmproj-a.gguf': 2 })).toEqual([
      'b.gguf: b.gguf',
      'a.gguf: a.gguf',
    ]));

  it('include a file in parts, whose first part comes last', () => {
    const parts = { 'a-00002-of-00002.gguf': 5, 'a-00001-of-00002.gguf': 6 };
    expect(spelled(parts)).toEqual(['a-00001-of-00002.gguf: a-00002-of-00002.gguf a-00001-of-00002.gguf']);
    expect(models(parts)[0]?.bytes).toBe(11);
  });

  it('include the folder, whose config.json comes last', () =>
    expect(
      spelled({
        'config.json': 1,
        'model.safetensors': 50,
        'tokenizer.json': 3,
        'pytorch_model.bin': 50,
        'x.py': 1,
      }),
    ).toEqual([': model.safetensors tokenizer.json config.json']));

  it('are none without weights', () => expect(spelled({ 'config.json': 1, 'a.bin': 2 })).toEqual([]));
});

it.each(catalogue.map(model => [model.name, model] as const))('the catalogue names %s well', (_, model) => {
  expect(readRepositoryName(model.repository)).toEqual({ repository: model.repository });
  expect(model.bytes).toBeLessThan(4e9);
});
