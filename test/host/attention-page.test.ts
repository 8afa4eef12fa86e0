/** The page of `npm run -s explain` in a real browser: light and dark, by keyboard, with axe. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/chromium.mjs';
import { attentionPage, visible } from '../../src/explain/attention-page';
import { type ExplainedCompletion, explainCompletion } from '../../src/explain/explain-completion';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { checkAccessibility } from './accessibility';
import { launchBrowser } from './vs-code';

const root = join(__dirname, '../..');
const checkpoint = join(root, 'models/sotto-starter');
const hostile = '</script><img src=x onerror=alert(1)>';
const prompt = `function sum(values) {\n  // ${hostile}\n  let total = 0;\n  for (const value of `;
const written = 'values) {\n';

let browser: Browser;
let explained: ExplainedCompletion;
beforeAll(async () => {
  browser = await launchBrowser(await findChromium({ install: true, log: console.log }));
  const tokenizer = await loadTokenizer(checkpoint);
  explained = await explainCompletion(tokenizer.encode(prompt), tokenizer.encode(written), {
    source: checkpointAt(checkpoint),
    tokenizer,
    graphsFolder: join(root, '.cache/graphs'),
    threads: 1,
  });
});
afterAll(() => browser.close());

async function open(
  colorScheme: 'light' | 'dark' = 'light',
): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, colorScheme });
  const faults: string[] = [];
  page.on('console', message => faults.push(message.text()));
  page.on('pageerror', error => faults.push(error.message));
  page.on('request', request => !request.url().startsWith('data:') && faults.push(request.url()));
  const options = { model: 'sotto-starter', place: 'sum.js:4:23', shown: written, typed: '' };
  const content = attentionPage(explained, options);
  await page.goto(`data:text/html;charset=utf-8,${encodeURIComponent(content)}`);
  return { page, faults };
}

describe.each(['light', 'dark'] as const)('in %s', scheme => {
  it('axe finds no fault, contrast included, at the token with the strongest colours', async () => {
    const { page, faults } = await open(scheme);
    await page.locator('#layer').selectOption({ value: '2' });
    await page.locator('#head').selectOption({ value: '3' });
    const { faults: found, kept } = await checkAccessibility(page.mainFrame());
    mkdirSync('test-results', { recursive: true });
    await page.screenshot({ path: `test-results/attention-${scheme}.png`, fullPage: true });
    expect(found).toEqual([]);
    expect(kept).toEqual(expect.arrayContaining(['color-contrast', 'label', 'select-name']));
    expect(faults).toEqual([]);
    await page.close();
  });
});

it('shows what the model computed: the text, the probabilities, the weights of a head', async () => {
  const { page, faults } = await open();
  const spans = page.locator('#text > span');
  expect(await spans.allTextContents()).toEqual(explained.tokens.map(({ text }) => visible(text)));
  const [step] = explained.steps;
  const [best] = step!.candidates;
  const candidate = page.locator('#candidates tbody tr').first();
  expect(await candidate.textContent()).toBe(
    `${visible(best!.text)}${(100 * best!.probability).toFixed(1)} %`,
  );
  for (const [layer, head] of [
    [0, 0],
    [2, 3],
    [5, 1],
  ] as const) {
    await page.locator('#layer').selectOption({ value: String(layer) });
    await page.locator('#head').selectOption({ value: String(head) });
    const weights = [...step!.attention[layer]![head]!];
    const most = Math.max(...weights);
    const row = await page.locator('#looked tbody tr').first().locator('th, td').allTextContents();
    expect(row[0]).toBe(visible(explained.tokens[weights.indexOf(most)]!.text));
    expect(Math.abs(Number.parseFloat(row[2]!) / 100 - most)).toBeLessThan(0.005);
    const inTable = page.locator('#heads tbody tr').nth(layer).locator('td').nth(head);
    expect(await inTable.textContent()).toBe(`${row[0]} ${row[2]}`);
  }
  expect(faults).toEqual([]);
  await page.close();
});

it('works by keyboard: arrows choose the token, layer and head follow with Tab', async () => {
  const { page } = await open();
  const summary = page.getByRole('status');
  const nameOf = (index: number) =>
    `To write “${visible(explained.tokens[explained.steps[index]!.place]!.text)}”`;
  expect(await summary.textContent()).toContain(nameOf(0));
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  expect(await summary.textContent()).toContain(nameOf(1));
  expect(await page.locator('#text > span.chosen').textContent()).toBe(
    visible(explained.tokens[explained.steps[1]!.place]!.text),
  );
  const before = await summary.textContent();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  expect(await page.locator('#layer').inputValue()).toBe('0');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  expect(await page.locator('#head').inputValue()).toBe('0');
  expect(await summary.textContent()).not.toBe(before);
  await page.close();
});

it('takes text of the file as text, never as markup', async () => {
  const { page, faults } = await open();
  expect(await page.locator('img').count()).toBe(0);
  expect((await page.locator('#text').textContent())?.replaceAll('·', ' ')).toContain(hostile);
  expect(faults).toEqual([]);
  await page.close();
});
