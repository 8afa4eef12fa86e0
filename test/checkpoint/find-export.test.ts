import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findExport } from '../../src/checkpoint/find-export';
import { temporaryFolder } from '../temporary-folder';

/** A folder of these (empty) files. */
function folderOf(...files: readonly string[]): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

describe('of a folder', () => {
  it.each<[string, readonly string[], string | undefined]>([
    [
      'fewer bits first',
      ['onnx/model.onnx', 'onnx/model_quantized.onnx', 'onnx/model_q4.onnx'],
      'onnx/model_q4.onnx',
    ],
    [
      'whole floats before halves',
      ['onnx/model_fp16.onnx', 'onnx/model_q4f16.onnx', 'onnx/model.onnx'],
      'onnx/model.onnx',
    ],
    ['halves where there is nothing else', ['onnx/model_fp16.onnx'], 'onnx/model_fp16.onnx'],
    ['files in the folder itself', ['model.onnx', 'genai_config.json'], 'model.onnx'],
    ['`onnx/` before the folder itself', ['model.onnx', 'onnx/model.onnx'], 'onnx/model.onnx'],
    [
      'a merged decoder',
      ['onnx/decoder_model.onnx', 'onnx/decoder_model_merged.onnx'],
      'onnx/decoder_model_merged.onnx',
    ],
    ['nothing where there are safetensors', ['model.safetensors', 'onnx/model.onnx'], undefined],
    [
      'nothing where there are several safetensors with their index',
      ['model.safetensors.index.json', 'model-00001-of-00002.safetensors', 'onnx/model.onnx'],
      undefined,
    ],
    ['nothing of other names', ['onnx/vision_encoder.onnx'], undefined],
  ])('%s', (_, files, expected) => {
    const folder = folderOf(...files);
    expect(findExport(folder)).toEqual(expected && { path: join(folder, expected), folder });
  });
});

describe('of a file', () => {
  it('is the file itself, also beside safetensors', () => {
    const folder = folderOf('config.json', 'model.safetensors', 'onnx/model_fp16.onnx');
    const path = join(folder, 'onnx/model_fp16.onnx');
    expect(findExport(path)).toEqual({ path, folder });
  });

  it('looks for the configuration beside it first', () => {
    const folder = folderOf('config.json', 'onnx/config.json', 'onnx/model.onnx');
    const path = join(folder, 'onnx/model.onnx');
    expect(findExport(path)).toEqual({ path, folder: join(folder, 'onnx') });
  });

  it('is none of another kind', () => {
    expect(findExport(join(folderOf('tiny.gguf'), 'tiny.gguf'))).toBeUndefined();
  });
});
