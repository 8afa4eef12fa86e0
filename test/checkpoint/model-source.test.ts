import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';

/** A folder of these (empty) files. */
function folderOf(...files: readonly string[]): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

describe('of a folder, we run', () => {
  it.each<[string, readonly string[], string]>([
    [
      'the export with the fewest bits',
      ['onnx/model.onnx', 'onnx/model_quantized.onnx', 'onnx/model_q4.onnx'],
      'onnx/model_q4.onnx',
    ],
    [
      'whole floats before halves',
      ['onnx/model_fp16.onnx', 'onnx/model_q4f16.onnx', 'onnx/model.onnx'],
      'onnx/model.onnx',
    ],
    ['halves if there is nothing else', ['onnx/model_fp16.onnx'], 'onnx/model_fp16.onnx'],
    ['an export in the folder itself', ['model.onnx', 'genai_config.json'], 'model.onnx'],
    ['`onnx/` before the folder itself', ['model.onnx', 'onnx/model.onnx'], 'onnx/model.onnx'],
    [
      'a merged decoder',
      ['onnx/decoder_model.onnx', 'onnx/decoder_model_merged.onnx'],
      'onnx/decoder_model_merged.onnx',
    ],
  ])('%s', (_, files, expected) => {
    const folder = folderOf(...files);
    const file = join(folder, expected);
    expect(resolveModelSource(folder)).toMatchObject({
      kind: 'onnx-export',
      file,
      folder,
      tokenizerPath: folder,
    });
  });

  it.each<[string, readonly string[], string]>([
    ['safetensors before an export', ['model.safetensors', 'onnx/model.onnx'], 'model.safetensors'],
    [
      'several safetensors with their index before an export',
      ['model.safetensors.index.json', 'model-00001-of-00002.safetensors', 'onnx/model.onnx'],
      'model.safetensors.index.json',
    ],
    [
      'one file of safetensors before several',
      ['model.safetensors.index.json', 'model.safetensors'],
      'model.safetensors',
    ],
    ['no export of another name', ['onnx/vision_encoder.onnx'], 'model.safetensors'],
  ])('%s', (_, files, expected) => {
    const folder = folderOf(...files);
    const weightsFile = join(folder, expected);
    expect(resolveModelSource(folder)).toMatchObject({
      kind: 'folder',
      folder,
      weightsFile,
      tokenizerPath: folder,
    });
  });
});

describe('an ONNX file', () => {
  it('is run itself, even beside safetensors', () => {
    const folder = folderOf('config.json', 'model.safetensors', 'onnx/model_fp16.onnx');
    const file = join(folder, 'onnx/model_fp16.onnx');
    expect(resolveModelSource(file)).toMatchObject({
      kind: 'onnx-export',
      file,
      folder,
      tokenizerPath: folder,
    });
  });

  it('has the configuration that is beside it, if there are two', () => {
    const folder = folderOf('config.json', 'onnx/config.json', 'onnx/model.onnx');
    const file = join(folder, 'onnx/model.onnx');
    expect(resolveModelSource(file)).toMatchObject({ file, folder: join(folder, 'onnx') });
  });
});

it('a file of another kind is a GGUF file', () => {
  const file = join(folderOf('tiny.gguf'), 'tiny.gguf');
  expect(resolveModelSource(file)).toMatchObject({ kind: 'gguf', file, tokenizerPath: file });
});

describe('sotto.json', () => {
  const good = { name: 'tiny', contextWindow: 384, weightBits: 8 };

  function folderWith(stated: unknown): string {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'sotto.json'), JSON.stringify(stated));
    return folder;
  }

  it('says what a model is', () => {
    expect(resolveModelSource(folderWith(good))).toMatchObject(good);
  });

  it('states the calibration of its model', () => {
    const calibration = { bias: -0.2, logit: 0.9 };
    expect(resolveModelSource(folderWith({ ...good, calibration }))).toMatchObject({ calibration });
  });

  it('says where the suffix of a prompt begins', () => {
    expect(resolveModelSource(folderWith({ ...good, suffixFrom: 'cursor' })).suffixFrom).toBe('cursor');
    expect(resolveModelSource(folderWith(good)).suffixFrom).toBeUndefined();
  });

  it('of the bundled model has its calibration', () =>
    expect(resolveModelSource('models/sotto-starter').calibration).toEqual({ bias: 0.038, logit: 0.739 }));

  it.each([
    ['weightBits', { weightBits: 5 }, 'found 5, expected 4, 8 or 32'],
    ['contextWindow', { contextWindow: 63 }, 'found 63, expected a number from 64'],
    ['contextWindow', { contextWindow: 384.5 }, 'found 384.5, expected a whole number'],
    ['name', { name: undefined }, 'found nothing, expected a string'],
    ['calibration', { calibration: 1 }, 'found 1, expected an object'],
    ['calibration.bias', { calibration: { logit: 1 } }, 'found nothing, expected a number'],
    ['suffixFrom', { suffixFrom: 'word' }, 'found "word", expected "cursor" or "line end"'],
    ['suffixFrom', { suffixFrom: true }, 'found true, expected a string'],
    ['calibration.logit', { calibration: { bias: 0, logit: '1' } }, 'found "1", expected a number'],
  ])('is refused with a wrong %s: %j', (field, wrong, problem) => {
    const folder = folderWith({ ...good, ...wrong });
    checkFault(() => resolveModelSource(folder), join(folder, 'sotto.json'), field, problem);
  });

  it('is refused with a calibration that is not finite', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'sotto.json');
    writeFileSync(
      path,
      JSON.stringify({ ...good, calibration: { bias: 0, logit: 1 } }).replace('"bias":0', '"bias":1e999'),
    );
    checkFault(
      () => resolveModelSource(folder),
      path,
      'calibration.bias',
      'found Infinity, expected a number',
    );
  });
});

describe('a checkpoint that was not made for Sotto', () => {
  it.each([
    ['test/fixtures/gguf/smollm.gguf', 'smollm.gguf', 'stored'],
    ['test/fixtures/tiny-llama', 'tiny-llama', 8],
    ['test/fixtures/tiny-llama/', 'tiny-llama', 8],
  ])('%s is called %s', (path, name, weightBits) =>
    expect(resolveModelSource(path)).toMatchObject({ name, contextWindow: 2048, weightBits }),
  );

  it('keeps its own probabilities', () =>
    expect(resolveModelSource('test/fixtures/tiny-llama').calibration).toEqual({ bias: 0, logit: 1 }));

  it('is refused if nothing is at its path', () => {
    const path = join(temporaryFolder(), 'not.gguf');
    checkFault(() => resolveModelSource(path), path, 'file', 'is not there');
  });
});

it('is plain data that the engine process gets as it is', () => {
  const model = resolveModelSource('models/sotto-starter');
  expect(JSON.parse(JSON.stringify(model))).toEqual(model);
});
