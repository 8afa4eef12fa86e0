/** The command as a person runs it: the bundled model, the real engine. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleForNode } from '../../scripts/bundle.mjs';
import { temporaryFolder } from '../temporary-folder';

let command: string;
beforeAll(async () => {
  command = await bundleForNode('src/cli/explain-command.ts');
}, 60_000);

const place = 'examples/web/queue.js:24:19';

function explain(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

it('writes the page and the picture of a completion', { timeout: 60_000 }, () => {
  const folder = temporaryFolder();
  const [page, picture] = [join(folder, 'page.html'), join(folder, 'picture.svg')];
  const { status, stdout, stderr } = explain(place, '--html', page, '--svg', picture, '--step', '2');
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${page}\n${picture}\n`, stderr: '' });
  expect(readFileSync(page, 'utf8')).toContain(`completes <code>${place}</code>`);
  expect(readFileSync(picture, 'utf8')).toMatch(/^<svg /);
});

describe('what is wrong is said in one line, and nothing is written', () => {
  const page = () => join(temporaryFolder(), 'page.html');
  function check(args: readonly string[], fault: string | RegExp) {
    const { status, stdout, stderr } = explain(...args);
    expect(stderr).toMatch(fault);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    const out = args[args.indexOf('--html') + 1];
    if (args.includes('--html')) expect(existsSync(out!)).toBe(false);
  }
  it('no output', () => check([place], /^usage: /));
  it('no place', () => check(['--html', page()], /^usage: /));
  it('a place outside the file', () =>
    check(['examples/web/queue.js:999:1', '--html', page()], 'examples/web/queue.js:999: the file has'));
  it('an unknown option', () => check([place, '--html', page(), '--what'], "Unknown option '--what'"));
  it('a model that is not there', () =>
    check([place, '--html', page(), '--model', 'no.gguf'], /no\.gguf: file: is not there/));
  it('a ready-made export', () =>
    check(
      [place, '--html', page(), '--model', 'test/fixtures/exports/llama-genai/model.onnx'],
      /a ready-made ONNX export does not return what its heads look at/,
    ));
  it('a token that was not written', { timeout: 60_000 }, () =>
    check(
      [place, '--html', page(), '--svg', join(temporaryFolder(), 'x.svg'), '--step', '99'],
      /--step 99: expected 1 to \d+/,
    ),
  );
  it('a folder that is not there', { timeout: 60_000 }, () =>
    check(
      [place, '--html', join(temporaryFolder(), 'no', 'page.html')],
      /page\.html: cannot be written \(ENOENT\)/,
    ),
  );
});
