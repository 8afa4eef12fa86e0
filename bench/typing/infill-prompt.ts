/**
 * The prompt that llama.vscode and llama-server's `/infill` make of a document, as their sources say (ggml-org/
 * llama.vscode `completion.ts` and `configuration.ts`, ggml-org/llama.cpp `format_infill`):
 *
 *     PRE (the 256 lines above, then the line up to the cursor) SUF (the rest of the line, 64 lines below) MID
 *
 * with three quarters of a batch of tokens for what is before the cursor, and a quarter for what is behind it. The batch
 * is what Sotto's window is here, so that both see as much. Chunks of other files are left out, as Sotto has none.
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

/** @throws Error if the vocabulary has none */
export function infillMarks(tokenizer: Tokenizer): InfillMarks {
  const id = (name: string) => {
    const found = tokenizer.special(`<|fim_${name}|>`);
    if (found === undefined) throw new Error(`the vocabulary lacks <|fim_${name}|>`);
    return found;
  };
  return { prefix: id('prefix'), suffix: id('suffix'), middle: id('middle') };
}

/** @param batch tokens that the server takes at once */
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

/** What llama.vscode sends: `line` is empty while it holds only white space, which the model is to write anew. */
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
