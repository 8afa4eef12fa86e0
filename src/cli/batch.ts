/** `--batch`: reads a case from each line of JSON, and prints its answer as a line of JSON. */

import type { Completer } from '../completion/completer';
import { decideScope } from '../completion/scope';

import type { DocumentSnapshot } from '../document/document-snapshot';
import type { CompletionSettings } from '../settings/settings';
import { readText, snapshotOf, UsageError } from './command-line';

interface BatchCase {
  readonly id: string | number;
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
}

export async function runBatch(
  file: string,
  completer: Pick<Completer, 'completeAnew'>,
  settings: CompletionSettings,
): Promise<void> {
  for (const [index, line] of readText(file).split('\n').entries()) {
    if (line.trim() === '') continue;
    const { id, ...place } = readCase(`${file}:${index + 1}`, line);
    const start = performance.now();
    const document = documentOf(index + 1, place);
    const request = { document, trigger: 'manual', scope: decideScope(document), settings } as const;
    const { shown, report } = await completer.completeAnew(request, new AbortController().signal);
    const ms = Math.round((performance.now() - start) * 10) / 10;
    const tokens = (shown && report?.generatedTokens) ?? 0;
    const { text = '', replaceAfter = 0 } = shown ?? {};
    console.log(JSON.stringify({ id, text, replaceAfter, tokens, ms }));
  }
}

/** Each case gets a uri of its own. Otherwise cases with the same path would share a window, and order would matter. */
function documentOf(lineNumber: number, { path, prefix, suffix }: Omit<BatchCase, 'id'>): DocumentSnapshot {
  return { ...snapshotOf(path, prefix, suffix), uri: `batch:${lineNumber}` };
}

function readCase(where: string, line: string): BatchCase {
  let value: Partial<Record<keyof BatchCase, unknown>>;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UsageError(`${where}: is not JSON`);
  }
  const { id, path, prefix, suffix } = value ?? {};
  for (const [field, found] of Object.entries({ path, prefix, suffix }))
    if (typeof found !== 'string') throw new UsageError(`${where}: ${field}: expected a string`);
  if (typeof id !== 'string' && typeof id !== 'number')
    throw new UsageError(`${where}: id: expected a string or number`);
  return { id, path, prefix, suffix } as BatchCase;
}
