/**
 * The prompt that llama.vscode and llama-server's `/infill` make of a document, from their sources (ggml-org/llama.vscode
 * `completion.ts` and `configuration.ts`, ggml-org/llama.cpp `format_infill`):
 *
 *     PRE (the 256 lines above, then the line up to the cursor) SUF (the rest of the line, 64 lines below) MID
 *
 * Three quarters of a batch of tokens are for the prefix, and a quarter is for the suffix. The batch is as long as Sotto's
 * window, so that both see as much. Pieces of other files are left out.
 */
import type { DocumentSnapshot } from '../../src/document/document-snapshot';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';

const linesBefore = 256;
const linesAfter = 64;

export interface InfillMarks {
  readonly prefix: number;
  readonly suffix: number;
  readonly middle: number;
}

/** @throws Error if the vocabulary lacks one */
export function infillMarks(tokenizer: Tokenizer): InfillMarks {
  const id = (name: string) => {
    const found = tokenizer.special(`<|fim_${name}|>`);
    if (found === undefined) throw new Error(`the vocabulary lacks <|fim_${name}|>`);
    return found;
  };
  return { prefix: id('prefix'), suffix: id('suffix'), middle: id('middle') };
}

/** @param batch tokens that the server takes in one run */
export function infillPrompt(
  document: DocumentSnapshot,
  tokenizer: Tokenizer,
  marks: InfillMarks,
  batch: number,
): number[] {
  const { above, line, behind } = partsOf(document);
  const quarter = Math.floor(batch / 4);
  const lineIds = tokenizer.encode(line);
  const before = tokenizer.encode(above).slice(-(3 * quarter));
  const after = tokenizer.encode(behind).slice(0, Math.max(0, quarter - (2 + lineIds.length)));
  return [marks.prefix, ...before, ...lineIds, marks.suffix, ...after, marks.middle];
}

/** The texts that llama.vscode sends. `line` is empty if it has only white space: the model writes that anew. */
export function partsOf({ prefix, suffix }: Pick<DocumentSnapshot, 'prefix' | 'suffix'>) {
  const lineStart = prefix.lastIndexOf('\n') + 1;
  const above = prefix
    .slice(0, lineStart)
    .split('\n')
    .slice(-linesBefore - 1)
    .join('\n');
  const line = prefix.slice(lineStart);
  const behind = suffix
    .split('\n')
    .slice(0, linesAfter + 1)
    .join('\n');
  return { above, line: line.trim() === '' ? '' : line, behind: `${behind}\n` };
}
