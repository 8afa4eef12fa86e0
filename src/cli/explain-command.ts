/**
 * Shows what the model looked at when it completed at a place in a file.
 *
 *     npm run -s explain -- FILE:LINE:COLUMN --html OUT.html [--svg OUT.svg [--step N]] [--model PATH]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { modelPathOf } from '../bundled-models/bundled-models';
import { resolveModelSource } from '../checkpoint/model-source';
import { systemClock } from '../common/clock';
import { createCompleter } from '../completion/completer';
import type { LocalModel } from '../completion/local-model';
import type { TraceEvent } from '../completion/request';
import { decideScope } from '../completion/scope';
import type { DocumentSnapshot } from '../document/document-snapshot';
import { defaultThreads } from '../engine-process/engine-environment';
import { attentionPage } from '../explain/attention-page';
import { attentionPicture } from '../explain/attention-picture';
import { explainCompletion } from '../explain/explain-completion';
import { defaultSettings, readPlace, runCommand, UsageError } from './command-line';
import { withSession } from './with-session';

const usage = `usage: npm run -s explain -- FILE:LINE:COLUMN --html OUT.html [--svg OUT.svg [--step N]] [--model PATH]
  --html OUT   the page: tokens, their probabilities, and which earlier tokens each head looked at
  --svg OUT    a picture of all heads for one written token
  --step N     the token of that picture, counted from 1
  --model PATH a GGUF file or a checkpoint's folder, or 'large', in place of the small model`;

/** Tokens that the model may write. Each has a weight for every head and every token before it in the page. */
const maxTokens = 24;

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const [place, ...rest] = positionals;
  if (place === undefined || rest.length > 0 || (values.html ?? values.svg) === undefined)
    throw new UsageError(usage);
  const document = readPlace(place);
  const root = process.cwd();
  const graphsFolder = join(root, '.cache/graphs');
  const source = resolveModelSource(modelPathOf(root, values.model ?? 'small'));
  if (source.kind === 'onnx-export')
    throw new UsageError(`${source.file}: a ready-made ONNX export does not return what its heads look at`);
  const { model, promptIds, writtenIds, shown, typed } = await completeWatched(document, root, values.model);
  if (writtenIds.length === 0) throw new UsageError(`${place}: the model writes nothing here`);
  const options = { source, tokenizer: model.tokenizer, graphsFolder, threads: defaultThreads() };
  const explained = await explainCompletion(promptIds, writtenIds, options);
  const step = readStep(values.step, explained.steps.length);
  if (values.html !== undefined)
    write(values.html, attentionPage(explained, { model: model.name, place, shown, typed }));
  if (values.svg !== undefined) write(values.svg, attentionPicture(explained, step));
}

/** @throws UsageError that names the file */
function write(path: string, content: string): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw new UsageError(`${path}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
  console.log(path);
}

/** Completes as the editor does, without copies, and notes the ids that go to the engine and come from it. */
function completeWatched(document: DocumentSnapshot, root: string, modelPath: string | undefined) {
  const complete = async (model: LocalModel) => {
    let promptIds: readonly number[] = [];
    const writtenIds: number[] = [];
    const engine: LocalModel['engine'] = {
      async *generate(request, signal) {
        promptIds = request.ids;
        for await (const event of model.engine.generate(request, signal)) {
          if (event.type === 'token') writtenIds.push(event.id);
          yield event;
        }
      },
    };
    const completer = createCompleter({ openModel: async () => ({ ...model, engine }), clock: systemClock });
    const settings = { ...defaultSettings(root), copies: false, maxTokens };
    const events: TraceEvent[] = [];
    const request = {
      document,
      trigger: 'manual',
      scope: decideScope(document),
      settings,
      trace: (event: TraceEvent) => events.push(event),
    } as const;
    const outcome = await completer.completeAnew(request, new AbortController().signal);
    const typed = events.find(event => event.step === 'prompt')?.typed ?? '';
    return { model, promptIds, writtenIds, shown: outcome.shown?.text, typed };
  };
  return withSession(root, 0, complete, { modelPath });
}

/** @returns the index of the step */
function readStep(value: string | undefined, steps: number): number {
  const step = Number(value ?? 1);
  if (!Number.isInteger(step) || step < 1 || step > steps)
    throw new UsageError(`--step ${value}: expected 1 to ${steps}, because the model wrote ${steps} tokens`);
  return step - 1;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        html: { type: 'string' },
        svg: { type: 'string' },
        step: { type: 'string' },
        model: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

runCommand(main);
