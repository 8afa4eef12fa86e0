/** The command as a person runs it: the bundled model, the real engine. */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleForNode } from '../../scripts/bundle.mjs';
import { exportNote, resolveModelSource } from '../../src/checkpoint/model-source';
import { readShape } from '../../src/model/inspect-checkpoint';
import { writeEchoExport } from '../onnx/echo-export';
import { temporaryFile, temporaryFolder } from '../temporary-folder';

let command: string;
beforeAll(async () => {
  command = await bundleForNode('src/cli/complete-command.ts');
}, 60_000);

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly lines: readonly string[];
  readonly errors: readonly string[];
}

/** With the small model, if no other is given. */
function complete(...args: readonly string[]): Promise<Outcome> {
  const model = args.includes('--model') ? [] : ['--model', 'small'];
  return new Promise(resolve =>
    execFile(process.execPath, [command, ...args, ...model], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, lines: linesOf(stdout), errors: linesOf(stderr) }),
    ),
  );
}

const linesOf = (output: string) => output.split('\n').slice(0, -1);

const cart = 'examples/src/cart.ts';
const cartLines = readFileSync(cart, 'utf8').split('\n');

/** The end of the line that holds `text`, as FILE:LINE:COLUMN. */
function endOf(text: string): string {
  const index = cartLines.findIndex(line => line.includes(text));
  return `${cart}:${index + 1}:${cartLines[index]!.length + 1}`;
}

interface JsonAnswer {
  readonly model: string;
  readonly text: string;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly computedTokens: number;
  readonly generatedTokens: number;
}

it('completes with a ready-made export and says that it is slower', { timeout: 30_000 }, async () => {
  const folder = temporaryFolder();
  cpSync('models/sotto-starter/vocab.json', join(folder, 'vocab.json'));
  const path = writeEchoExport(folder, readShape(resolveModelSource('models/sotto-starter')).vocabulary);
  for (const model of [folder, path]) {
    const { code, lines, errors } = await complete(
      endOf('let sum = 0;'),
      '--model',
      model,
      '--json',
      '--verbose',
    );
    expect(code).toBe(0);
    expect(errors).toContain(exportNote);
    expect(JSON.parse(lines[0]!).generatedTokens).toBeGreaterThan(0);
  }
});

it('computes only the tokens that were typed since the last answer', { timeout: 30_000 }, async () => {
  const { code, lines, errors } = await complete(endOf('let sum = 0;'), '--json', '--type', '\n😀');
  expect({ code, errors }).toEqual({ code: 0, errors: [] });
  const answers: JsonAnswer[] = lines.map(line => JSON.parse(line));
  // A character of two UTF-16 units is one key.
  expect(answers).toHaveLength(3);
  const [first, second, third] = answers as [JsonAnswer, JsonAnswer, JsonAnswer];
  expect(first).toMatchObject({ model: 'sotto-starter', cachedTokens: 0 });
  expect(first.generatedTokens).toBeGreaterThan(0);
  for (const next of [second, third])
    expect(next).toMatchObject({ cachedTokens: next.promptTokens - 1, computedTokens: 1 });
});

it('--model-only gives the answer of the model, even if a copy of the document is likelier', {
  timeout: 30_000,
}, async () => {
  const place = 'examples/web/queue.js:20:17';
  const answers = await Promise.all(
    [[], ['--model-only']].map(async more => {
      const { lines } = await complete(place, '--json', ...more);
      return JSON.parse(lines[0]!) as { readonly source: string };
    }),
  );
  expect(answers.map(({ source }) => source)).toEqual(['copied', 'model']);
});

it('prints the text alone without --json', { timeout: 30_000 }, async () => {
  const { code, lines } = await complete(endOf('this.items.splice('));
  expect(code).toBe(0);
  expect(lines).toHaveLength(1);
});

it('--batch gives the same texts each time', { timeout: 30_000 }, async () => {
  const cases = cartLines.slice(0, 12).map((line, index) => ({
    id: index,
    path: cart,
    prefix: [...cartLines.slice(0, index), line.slice(0, line.length / 2)].join('\n'),
    suffix: ['', ...cartLines.slice(index + 1)].join('\n'),
  }));
  const file = temporaryFile('cases.jsonl', cases.map(each => JSON.stringify(each)).join('\n'));
  const textsOf = ({ lines }: Outcome) => lines.map(line => JSON.parse(line).text as string);
  const once = textsOf(await complete('--batch', file));
  expect(once).toHaveLength(12);
  expect(once.filter(text => text !== '').length).toBeGreaterThan(3);
  expect(textsOf(await complete('--batch', file))).toEqual(once);
});

describe('a mistake is answered with one line and exit code 2', () => {
  async function check(args: readonly string[], message: string) {
    expect(await complete(...args)).toEqual({ code: 2, lines: [], errors: [message] });
  }

  it('for a text that is not a place', () =>
    check(['cart.ts'], 'cart.ts: expected FILE:LINE:COLUMN, counted from 1'));
  it('for a line that is not there', () =>
    check([`${cart}:999:1`], `${cart}:999: the file has ${cartLines.length} lines`));
  it('for a model that is not there', () =>
    check(
      [`${cart}:1:1`, '--model', 'no-such.gguf'],
      "no-such.gguf: file: is not there; expected a GGUF file or a checkpoint's folder",
    ));
  it('for a model without a vocabulary', () =>
    check(
      [`${cart}:1:1`, '--model', 'test/fixtures/tiny-llama'],
      `${join('test/fixtures/tiny-llama', 'vocab.json')}: file: cannot be read (ENOENT)`,
    ));
  it('for a missing file', () => check(['no-such.ts:1:1'], 'no-such.ts: no such file'));
});

it('an unknown option is answered with the usage', async () => {
  const { code, errors } = await complete('--fast');
  expect(code).toBe(2);
  expect(errors[0]).toContain("Unknown option '--fast'");
  expect(errors[1]).toMatch(/^usage: /);
});

it.each([[], ['a:1:1', 'b:1:1'], ['a:1:1', '--batch', 'c']])(
  'takes one place or one batch, not %j',
  async (...args) => {
    const { code, errors } = await complete(...args);
    expect(code).toBe(2);
    expect(errors[0]).toMatch(/^usage: /);
  },
);
