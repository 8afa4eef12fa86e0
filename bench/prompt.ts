/**
 * `npm run -s bench:prompt [-- MODEL...]`: the time that a key takes before the engine is asked: window, prompt and ids.
 * Texts are encoded in two ways, in turn on the same keys: whole each time, and in parts that are remembered, as the
 * extension does. Both must give the same ids. MODEL is a folder with a tokenizer.json, or a GGUF file; default: the
 * vocabularies of the tests.
 */
import { basename } from 'node:path';
import { defaultSettings } from '../src/cli/command-line';
import type { DocumentSnapshot } from '../src/document/document-snapshot';
import { findLayout } from '../src/prompt/find-layout';
import { buildPrompt } from '../src/prompt/prompt-memory';
import type { TextWindow } from '../src/prompt/sticky-window';
import { rememberEncodings, type Tokenizer } from '../src/tokenizer/tokenizer';
import { openForgetful, testVocabularies } from '../test/tokenizer/library-tokenizers';
import { ownSources } from './corpus/own-sources';
import { machine } from './measure/machine';
import { median, quantile } from './measure/tables';
import { choosePlaces } from './typing/choose-places';

const root = process.cwd();
const settings = defaultSettings(root);
/** The window of a checkpoint that does not say its own (`local-model.ts`). */
const contextWindow = 2048;
const files = 4;
const lines = 4;

function main(): void {
  const models = process.argv.slice(2);
  console.log(`${machine()}; a window of ${contextWindow} tokens\n`);
  console.log('| tokenizer | ids | whole, p50 | p90 | in parts, p50 | p90 | whole / in parts |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const model of models.length > 0 ? models : testVocabularies(root)) {
    const { vocabulary, whole, inParts } = measure(openForgetful(model));
    const times = [median(whole), quantile(whole, 0.9), median(inParts), quantile(inParts, 0.9)];
    const ratio = (median(whole) / median(inParts)).toFixed(1);
    const cells = [basename(model), vocabulary, ...times.map(ms => `${ms.toFixed(2)} ms`), ratio];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function measure(tokenizer: Tokenizer) {
  const whole: number[] = [];
  const inParts: number[] = [];
  const sides = [
    { build: createBuild(tokenizer), times: whole },
    { build: createBuild(rememberEncodings(tokenizer)), times: inParts },
  ];
  for (const [at, document] of [...keystrokes()].entries()) {
    const prompts = (at % 2 === 0 ? sides : sides.toReversed()).map(({ build, times }) => {
      const start = performance.now();
      const ids = build(document);
      times.push(performance.now() - start);
      return ids.join();
    });
    if (prompts[0] !== prompts[1])
      throw new Error(`the ids differ at ${JSON.stringify(document.prefix.slice(-80))}`);
  }
  return { vocabulary: tokenizer.vocabulary, whole, inParts };
}

function createBuild(tokenizer: Tokenizer): (document: DocumentSnapshot) => readonly number[] {
  let previous: TextWindow | undefined;
  let uri: string | undefined;
  const model = { tokenizer, layout: findLayout(tokenizer).layout, contextWindow, heal: () => undefined };
  return document => {
    if (document.uri !== uri) previous = undefined;
    uri = document.uri;
    const { ids, window } = buildPrompt(document, model, settings, { window: previous });
    previous = window;
    return ids;
  };
}

/** Some lines in the middle of several files, key by key. */
function* keystrokes(): Generator<DocumentSnapshot> {
  for (const { path, before, missing, after } of choosePlaces(ownSources(root), files, lines))
    for (let typed = 1; typed <= missing.length; typed++) {
      const prefix = before + missing.slice(0, typed);
      yield { uri: path, path, languageId: '', prefix, prefixOffset: 0, suffix: after };
    }
}

main();
