/**
 * Completes at a place in a file, from a terminal, with the same code as the editor.
 *
 *     npm run -s complete -- FILE:LINE:COLUMN [--json] [--type TEXT]
 *     npm run -s complete -- --batch CASES.jsonl
 */

import { parseArgs } from 'node:util';
import { bestBundledModel } from '../bundled-models/bundled-models';
import type { Completer } from '../completion/completer';
import type { GenerationReport, SourceName } from '../completion/request';
import { decideScope } from '../completion/scope';

import type { DocumentSnapshot } from '../document/document-snapshot';
import type { CompletionSettings } from '../settings/settings';
import { runBatch } from './batch';
import { defaultSettings, readPlace, runCommand, UsageError } from './command-line';
import { type Opened, withSession } from './with-session';

const usage = `usage: npm run -s complete -- FILE:LINE:COLUMN [--json] [--type TEXT]
       npm run -s complete -- --batch CASES.jsonl
  --json       one line of JSON an answer: text, what said it and how likely it is, tokens, what the cache served, ms
  --model PATH small or large, a GGUF file, a checkpoint's folder or an ONNX export in place of the large model
  --model-only never copy from the document; always ask the model
  --type TEXT  afterwards type TEXT, one character at a time, and ask the model again after each
  --verbose    say what the engine does, on standard error`;

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const [place, ...rest] = positionals;
  if ((place === undefined) === (values.batch === undefined) || rest.length > 0) throw new UsageError(usage);
  const document = place === undefined ? undefined : readPlace(place);

  const root = process.cwd();
  const defaults = defaultSettings(root);
  const settings = { ...defaults, copies: defaults.copies && !values['model-only'] };
  const complete = async ({ name, engine, completer }: Opened) => {
    const { openMs } = await engine.start();
    const print = (answer: Answer) =>
      console.log(
        values.json
          ? JSON.stringify({ model: name, loadMs: round(openMs), ...summary(answer) })
          : answer.text,
      );
    if (document === undefined) await runBatch(values.batch!, completer, settings);
    else await completeWhileTyping(completer, settings, document, values.type ?? '', print);
  };
  const modelPath = values.model ?? bestBundledModel(root);
  await withSession(root, 0, complete, { modelPath, ...(values.verbose && { log: console.error }) });
}

interface Answer {
  /** What the editor would show; empty for nothing. */
  readonly text: string;
  readonly replaceAfter: number;
  /** Where it comes from, and how likely it is right. Undefined if nothing is shown. */
  readonly source?: SourceName;
  readonly confidence?: number;
  /** Of the model's run, even if the filters left nothing of it. */
  readonly report: GenerationReport | undefined;
}

/** Completes at the cursor, and again after each character of `typed`, with the cache as the last answer left it. */
async function completeWhileTyping(
  completer: Completer,
  settings: CompletionSettings,
  document: DocumentSnapshot,
  typed: string,
  print: (answer: Answer) => void,
): Promise<void> {
  const { signal } = new AbortController();
  const characters = [...typed];
  for (let length = 0; length <= characters.length; length++) {
    const prefix = document.prefix + characters.slice(0, length).join('');
    const typedDocument = { ...document, prefix };
    const scope = decideScope(typedDocument);
    const request = { document: typedDocument, trigger: 'manual', scope, settings } as const;
    const { shown, report } = await completer.completeAnew(request, signal);
    const { text = '', replaceAfter = 0, ...said } = shown ?? {};
    print({ ...said, text, replaceAfter, report });
  }
}

function summary({ text, replaceAfter, source, confidence, report }: Answer): Record<string, unknown> {
  const said = { text, replaceAfter, source, confidence: confidence && Math.round(confidence * 1000) / 1000 };
  if (report === undefined) return said;
  const { promptTokens, cachedTokens, generatedTokens, prefillMs, totalMs, stopReason } = report;
  return {
    ...said,
    promptTokens,
    cachedTokens,
    computedTokens: promptTokens - cachedTokens,
    generatedTokens,
    prefillMs: round(prefillMs),
    totalMs: round(totalMs),
    tokensPerSecond: round(generatedTokens / ((totalMs - prefillMs) / 1000)),
    stopReason,
  };
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        batch: { type: 'string' },
        model: { type: 'string' },
        'model-only': { type: 'boolean' },
        type: { type: 'string' },
        verbose: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

const round = (value: number) => Math.round(value * 10) / 10;

runCommand(main);
