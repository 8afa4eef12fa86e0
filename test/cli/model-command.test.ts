/** `model -- inspect` and `model -- import` as the user runs them. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleForNode } from '../../scripts/bundle.mjs';
import { ggufOfTinyLlama, packQ4_1 } from '../checkpoint/gguf-of-fixture';
import { type GgufValue, ggufBytes } from '../checkpoint/write-gguf';
import { temporaryFolder } from '../temporary-folder';

let command: string;
beforeAll(async () => {
  command = await bundleForNode('src/cli/model-command.ts');
}, 60_000);

const tinyLlama = 'test/fixtures/tiny-llama';

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly output: string;
  readonly errors: string;
}

function model(...args: readonly string[]): Promise<Outcome> {
  return new Promise(resolve =>
    execFile(process.execPath, [command, ...args], (error, output, errors) =>
      resolve({ code: error === null ? 0 : error.code, output, errors }),
    ),
  );
}

function tinyGguf(): string {
  const path = join(temporaryFolder(), 'tiny.gguf');
  writeFileSync(path, ggufBytes(ggufOfTinyLlama(tinyLlama, packQ4_1)));
  return path;
}

it('inspect describes a GGUF file', async () => {
  const { code, output } = await model('inspect', tinyGguf());
  expect(code).toBe(0);
  expect(output).toMatch(/^architecture +llama$/m);
  expect(output).toMatch(/^sizes +3 layers, width 64, 4 heads of 16, 2 of keys and values, vocabulary 96$/m);
  expect(output).toMatch(/^weights +Q4_1 23 tensors, .*; F32 7 tensors/m);
  expect(output).toMatch(/^tokenizer +none that can be used: .*tokenizer\.ggml\.model: found nothing/m);
});

it('inspect describes a folder', async () => {
  const { code, output } = await model('inspect', 'models/sotto-starter');
  expect(code).toBe(0);
  expect(output).toMatch(/^weights +Q8_0 43 tensors, 6\.9 MB; F32 13 tensors, 0\.0 MB$/m);
  expect(output).toMatch(/^context +1024 tokens$/m);
  expect(output).toMatch(/^memory +about 121\.0 MB: weights 6\.8 MB, full cache 1\.6 MB, the rest/m);
  expect(output).toMatch(/^tokenizer +vocab\.json, 8192 tokens$/m);
  expect(output).toMatch(/^fill in the middle +Sotto$/m);
});

it('measure says how fast a model is here, and inspect repeats it', { timeout: 30_000 }, async () => {
  const { output } = await model('measure', 'small');
  const [line = ''] = output.split('\n');
  expect(line).toMatch(/^reads \d+ tokens a second and writes \d+, so a usual suggestion takes \d+ ms$/);
  expect((await model('inspect', 'small')).output).toContain(`speed here           ${line}\n`);
});

it("inspect describes a folder's tokenizer.json", async () => {
  const folder = temporaryFolder();
  cpSync(tinyLlama, folder, { recursive: true });
  const config = JSON.parse(readFileSync(join(tinyLlama, 'config.json'), 'utf8'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, vocab_size: 600 }));
  cpSync('test/fixtures/tokenizers/qwen2/tokenizer.json', join(folder, 'tokenizer.json'));
  const { output } = await model('inspect', folder);
  expect(output).toMatch(/^tokenizer +tokenizer\.json, 600 tokens$/m);
  expect(output).toMatch(/^fill in the middle +Qwen2\.5-Coder/m);
});

it('inspect names the file of a ready-made export that is run, and says that it is slower', async () => {
  const exported = 'test/fixtures/exports/llama-optimum';
  const { code, output } = await model('inspect', exported);
  expect(code).toBe(0);
  expect(output).toMatch(
    /^kind +ready-made ONNX export \(copying path: slower than Sotto's own graph; give the/m,
  );
  expect(output).toMatch(/^file +\S+model_q4\.onnx, 0\.1 MB$/m);
  expect(output).toMatch(/^sizes +2 layers, width 32, 4 heads of 16, 2 of keys and values, vocabulary 72$/m);
  const file = join(exported, 'onnx/model_fp16.onnx');
  expect((await model('inspect', file)).output).toMatch(/^file +\S+model_fp16\.onnx, 0\.2 MB$/m);
});

it('import writes a whole graph', async () => {
  const out = join(temporaryFolder(), 'built');
  const { code, output } = await model('import', tinyGguf(), '--bits', '4', '--out', out);
  expect({ code, output }).toMatchObject({
    code: 0,
    output: expect.stringContaining(join(out, 'model.onnx')),
  });
  expect(readdirSync(out).sort()).toEqual(['model.onnx', 'model.onnx.data']);
});

describe('a mistake is answered with one line and exit code 2', () => {
  async function check(args: readonly string[], message: string) {
    const { code, output, errors } = await model(...args);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toContain(message);
    expect(errors.trimEnd()).not.toContain('\n');
  }

  it('for a path that is not there', () =>
    check(['inspect', 'no-such.gguf'], 'no-such.gguf: no such file or folder'));
  it('for a file of another format', () =>
    check(
      ['inspect', 'package.json'],
      'package.json: file: is JSON, not a model; give a GGUF file, or a folder with',
    ));
  it('for a folder without a model', () =>
    check(['import', 'src'], `${join('src', 'config.json')}: file: is missing`));
  it('for the import of a ready-made export', () =>
    check(
      ['import', 'test/fixtures/exports/llama-genai'],
      'exports/llama-genai: is a ready-made ONNX export, which runs as it is',
    ));
  it('for a GGUF whose weights are of a type that is not read', () => {
    const { metadata, tensors } = ggufOfTinyLlama(tinyLlama, packQ4_1);
    const odd = { dims: [256, 1], type: 21, data: new Uint8Array(110) };
    const path = join(temporaryFolder(), 'iq3.gguf');
    writeFileSync(path, ggufBytes({ metadata: metadata!, tensors: { ...tensors, 'output.weight': odd } }));
    return check(['inspect', path], "tensor 'output.weight': found type IQ3_S, expected one of F32");
  });
  it('for a GGUF whose layers differ', () => {
    const { metadata, tensors } = ggufOfTinyLlama(tinyLlama, packQ4_1);
    const path = join(temporaryFolder(), 'hybrid.gguf');
    const lists = { ...metadata, 'llama.attention.head_count_kv': [9, 5, [2, 0, 2]] as GgufValue };
    writeFileSync(path, ggufBytes({ metadata: lists, tensors: tensors! }));
    return check(['inspect', path], 'llama.attention.head_count_kv: found [2,0,2], expected one number');
  });
  it('for bits that are not a choice', () =>
    check(['import', 'src', '--bits', '5'], '--bits 5: expected 4, 8 or 32'));

  it('for a cut file, and leaves nothing behind', async () => {
    const path = tinyGguf();
    truncateSync(path, 40_000);
    const folder = temporaryFolder();
    const out = join(folder, 'built');
    await check(['import', path, '--out', out], `but the file has 40000 bytes`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('for an output folder that exists', async () => {
    const out = temporaryFolder();
    await check(['import', tinyGguf(), '--out', out], `${out}: is there already`);
    expect(existsSync(out)).toBe(true);
  });
});

it('an unknown command is answered with the usage', async () => {
  for (const args of [['look', 'src'], ['inspect'], ['--fast']]) {
    const { code, errors } = await model(...args);
    expect(code).toBe(2);
    expect(errors).toContain('usage: npm run -s model');
  }
});
