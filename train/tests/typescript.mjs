// Runs the extension's own TypeScript for the tests that hold Python to it:
//     node typescript.mjs encode VOCAB.json TEXTS.json OUT.json     a list of texts to a list of lists of ids
//     node typescript.mjs encode-folder FOLDER TEXTS.json OUT.json  the same of a model's folder, as the extension opens it
//     node typescript.mjs prompt VOCAB.json CASES.json OUT.json     a list of {path, prefix, suffix, otherFiles, contextWindow}
//     node typescript.mjs int4 MATRIX COLUMNS OUT                   float32 bytes to what int4 makes of them
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');

async function load(source) {
  // Beside node_modules' packages, so that the bundle finds gpt-tokenizer.
  const bundle = join(root, `node_modules/.train-tests-${process.pid}-${basename(source)}.mjs`);
  const options = { bundle: true, format: 'esm', platform: 'node', packages: 'external', outfile: bundle };
  buildSync({ entryPoints: [join(root, source)], ...options });
  try {
    return await import(pathToFileURL(bundle).href);
  } finally {
    rmSync(bundle);
  }
}

async function openTokenizer(vocabulary) {
  const { createP50kTokenizer } = await load('src/tokenizer/openai-tokenizer.ts');
  const { default: ranks } = await import('gpt-tokenizer/bpeRanks/p50k_base');
  return createP50kTokenizer(readJson(vocabulary), ranks);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

async function encode(vocabulary, texts, out) {
  const tokenizer = await openTokenizer(vocabulary);
  writeFileSync(out, JSON.stringify(readJson(texts).map(text => [...tokenizer.encode(text)])));
}

async function encodeFolder(folder, texts, out) {
  const { loadTokenizer } = await load('src/tokenizer/load-tokenizer.ts');
  const tokenizer = await loadTokenizer(folder);
  writeFileSync(out, JSON.stringify(readJson(texts).map(text => [...tokenizer.encode(text)])));
}

async function prompt(vocabulary, cases, out) {
  const { buildPrompt } = await load('src/prompt/prompt-memory.ts');
  const { createSuffixPrefixMiddle } = await load('src/prompt/prompt-layout.ts');
  const tokenizer = await openTokenizer(vocabulary);
  const layout = createSuffixPrefixMiddle(tokenizer);
  const ids = readJson(cases).map(({ contextWindow, otherFiles, ...text }) => {
    const document = { uri: 'file:///a', languageId: 'typescript', prefixOffset: 0, ...text };
    const settings = { contextTokens: 1024, maxTokens: 48 };
    const model = { tokenizer, layout, contextWindow, heal: () => undefined };
    return buildPrompt(document, model, settings, { pieces: otherFiles }).ids;
  });
  writeFileSync(out, JSON.stringify(ids));
}

async function int4(matrix, columns, out) {
  const { quantise, dequantise } = await load('src/model/quantise.ts');
  const values = new Float32Array(new Uint8Array(readFileSync(matrix)).buffer);
  writeFileSync(out, dequantise(quantise(values, values.length / Number(columns), Number(columns), 4)));
}

const [command, ...rest] = process.argv.slice(2);
await { encode, 'encode-folder': encodeFolder, prompt, int4 }[command](...rest);
