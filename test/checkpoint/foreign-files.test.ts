/** A file that is no model is refused in one line that says what it is and what to do. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ModelFileError } from '../../src/checkpoint/model-file-error';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { inspectCheckpoint } from '../../src/model/inspect-checkpoint';
import { temporaryFolder } from '../temporary-folder';
import { type Files, foreignFixtures } from './foreign-fixtures';

function write(files: Files): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** @returns the line that `model -- inspect` prints, with `/` in its paths */
function inspect(path: string): string {
  try {
    const model = resolveModelSource(path);
    if (model.kind !== 'onnx-export') inspectCheckpoint(model);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileError);
    return (error as Error).message.replaceAll('\\', '/');
  }
}

it.each(Object.entries(foreignFixtures))('%s', (_, { files, give, says }) => {
  const folder = write(files);
  const path = join(folder, give);
  const expected = says
    .replace('$FOLDER', () => folder)
    .replace(/^\$/, () => path)
    .replaceAll('\\', '/');
  expect(inspect(path)).toBe(expected);
});

it.each(['Qwen2ForCausalLM', 'GPT2LMHeadModel', 'OpenAIGPTLMHeadModel', 'OpenAIGPTDoubleHeadsModel'])(
  '%s writes text',
  name => {
    const config = JSON.stringify({ model_type: 'llama', architectures: [name] });
    const folder = write({ 'config.json': config, 'model.safetensors': 'x' });
    expect(resolveModelSource(folder).kind).toBe('folder');
  },
);
