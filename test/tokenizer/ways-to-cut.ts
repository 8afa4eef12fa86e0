/** One vocabulary for every way to cut a text that llama.cpp has a name for (train/gguf_golden.py). */
import { writeFileSync } from 'node:fs';
import { openGgufFile } from '../../src/checkpoint/gguf-file';
import { isString } from '../../src/checkpoint/json-file';
import { ggufBytes, text, texts } from '../checkpoint/write-gguf';

/**
 * Writes the vocabulary as a file that cuts in the way of this name.
 * @param vocabulary `test/fixtures/gguf/ways-to-cut.gguf`
 * @param name llama.cpp's; undefined for a file that names no way
 * @returns the path
 */
export function writeWayToCut(vocabulary: string, path: string, name: string | undefined): string {
  const { metadata, close } = openGgufFile(vocabulary);
  close();
  const list = (key: string) => metadata.array(`tokenizer.ggml.${key}`, isString, 'texts');
  const tokens = list('tokens');
  writeFileSync(
    path,
    ggufBytes({
      metadata: {
        'tokenizer.ggml.model': text('gpt2'),
        ...(name !== undefined && { 'tokenizer.ggml.pre': text(name) }),
        'tokenizer.ggml.tokens': texts(tokens),
        'tokenizer.ggml.merges': texts(list('merges')),
        // The first token ends a text.
        'tokenizer.ggml.token_type': [9, 5, tokens.map((_, id) => (id === 0 ? 3 : 1))],
      },
    }),
  );
  return path;
}
