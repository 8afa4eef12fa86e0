/** The page of the statistics in a real browser: in VS Code's themes, from right to left, by keyboard, with axe. */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/chromium.mjs';
import { countsOf, dayBefore, timeLimits } from '../../src/statistics/counts';
import { addEvidence, evidenceOf } from '../../src/statistics/learn';
import type { PageWords } from '../../src/statistics/page-options';
import { emptyRecord, type StatisticsRecord } from '../../src/statistics/record';
import { statisticsPage } from '../../src/statistics/statistics-page';
import { createRandom } from '../random';
import { checkAccessibility } from './accessibility';
import { type ThemeName, themeStyle, themes } from './themes';
import { launchBrowser } from './vs-code';

const today = '2026-11-28';
const nonce = 'a-nonce';
/** Each word is its own name, with what it stands for. In the real VS Code the words are those of the extension. */
const words = new Proxy({} as PageWords, {
  get: (_, name) => {
    if (name === 'sources') return { model: 'the model' };
    return name === 'under' || name === 'andMore' ? `${name} {0}` : `Words: ${String(name)}`;
  },
});

/** Some weeks of somebody's work. */
function someWeeks(): StatisticsRecord {
  const random = createRandom(5);
  const rows = Array.from({ length: 40 }, (_, back) =>
    ['typescript', 'go'].flatMap(language =>
      ['model', 'copied'].map(source => ({
        day: dayBefore(today, back),
        language,
        source,
        ...countsOf({
          shown: 20 + random.below(20),
          accepted: random.below(20),
          keys: random.below(300),
          kept: 3,
        }),
        times: Array.from({ length: timeLimits.length + 1 }, () => random.below(9)),
      })),
    ),
  ).flat();
  const evidence = Array.from({ length: 400 }, () => {
    const confidence = 0.3 + random.below(70) / 100;
    return evidenceOf(today, 'go', confidence, random.below(100) / 100 < confidence - 0.1);
  });
  return { ...emptyRecord, rows, evidence: addEvidence(evidence) };
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser(await findChromium({ install: true, log: console.log }));
});
afterAll(() => browser.close());

interface OpenPage {
  readonly page: Page;
  /** What the page's buttons told the extension. */
  readonly messages: () => Promise<readonly string[]>;
  /** What the browser's console said. */
  readonly faults: readonly string[];
}

async function open(
  record: StatisticsRecord,
  {
    locale = 'en',
    theme = 'Light Modern',
    isLearning = true,
  }: { locale?: string; theme?: ThemeName; isLearning?: boolean } = {},
): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width: 900, height: 1400 } });
  const faults: string[] = [];
  page.on('console', message => faults.push(message.text()));
  page.on('pageerror', error => faults.push(error.message));
  page.on('request', request => {
    if (!request.url().startsWith('data:') && request.url() !== 'about:blank') faults.push(request.url());
  });
  await page.addInitScript(`
    window.messages = [];
    window.acquireVsCodeApi = () => ({ postMessage: message => window.messages.push(message) });
  `);
  const content = statisticsPage(record, { words, locale, today, base: 0.5, isLearning, nonce });
  // VS Code adds the theme to the page in this way too.
  const themed = content.replace('<style', `<style nonce="${nonce}">${themeStyle(theme)}</style>\n<style`);
  await page.goto(`data:text/html;charset=utf-8,${encodeURIComponent(themed)}`);
  return { page, faults, messages: () => page.evaluate('window.messages') as Promise<string[]> };
}

describe.each(Object.keys(themes) as ThemeName[])('in the theme %s', theme => {
  it.each(['en', 'ar'])('axe finds no fault, contrast included, in the language %s', async locale => {
    const { page, faults } = await open(someWeeks(), { theme, locale });
    for (const summary of await page.locator('summary').all()) await summary.click();
    const { faults: found, kept } = await checkAccessibility(page.mainFrame());
    mkdirSync('test-results', { recursive: true });
    await page.screenshot({
      path: `test-results/statistics-${theme.replaceAll(' ', '-')}-${locale}.png`,
      fullPage: true,
    });
    expect(found).toEqual([]);
    expect(kept).toEqual(
      expect.arrayContaining(['color-contrast', 'button-name', 'svg-img-alt', 'html-has-lang']),
    );
    expect(faults).toEqual([]);
    await page.close();
  });
});

it('shows the same numbers in a plot and in its table', async () => {
  const { page } = await open(someWeeks());
  const bars = await page.locator('section', { hasText: 'byDay' }).locator('rect').count();
  expect(bars).toBe(30);
  const expected = someWeeks().rows.filter(({ day }) => day === today);
  const keys = expected.reduce((sum, row) => sum + row.keys, 0);
  await page.locator('section', { hasText: 'byDay' }).locator('summary').click();
  const cell = page.locator('section', { hasText: 'byDay' }).getByRole('row', { name: today });
  expect(await cell.textContent()).toBe(`${today}${keys.toLocaleString('en')}`);
  expect(await page.getByRole('row', { name: 'Words: today' }).textContent()).toContain(
    keys.toLocaleString('en'),
  );
  await page.close();
});

it('draws from right to left where the language is written so', async () => {
  const xOf = async (locale: string) => {
    const { page } = await open(someWeeks(), { locale });
    const box = await page.locator('section', { hasText: 'byDay' }).locator('rect').first().boundingBox();
    const direction = await page.evaluate('getComputedStyle(document.querySelector("td + td")).direction');
    await page.close();
    return { x: box!.x, direction };
  };
  const [left, right] = [await xOf('en'), await xOf('ar')];
  expect(left.direction).toBe('ltr');
  expect(right.direction).toBe('rtl');
  expect(left.x).toBeLessThan(300);
  expect(right.x).toBeGreaterThan(600);
});

it('works by keyboard alone: Tab reaches every control, and Enter presses it', async () => {
  const { page, messages } = await open(someWeeks());
  const reached: string[] = [];
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    const name = (await page.evaluate(
      'document.activeElement?.value || document.activeElement?.localName',
    )) as string;
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    if (name !== 'body') expect(outline, name).not.toBe('none');
    reached.push(name);
    if (name === 'export' || name === 'reset' || name === 'erase') await page.keyboard.press('Enter');
    if (name === 'erase') break;
  }
  expect(reached.filter(name => name === 'summary')).toHaveLength(3);
  expect(await messages()).toEqual(['export', 'reset', 'erase']);
  await page.close();
});

it('runs no script and loads no picture that is not its own', async () => {
  const hostile =
    '<img src="https://example.invalid/x.png" onerror="window.messages.push(1)"><script>window.messages.push(2)</script>';
  const rows = [{ day: today, language: hostile, source: hostile, ...countsOf({ shown: 1 }) }];
  const evidence = [evidenceOf(today, hostile, 0.5, true)];
  const { page, messages, faults } = await open({ ...emptyRecord, rows, evidence });
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.getByRole('rowheader', { name: 'onerror' }).count()).toBeGreaterThan(0);
  // Even markup that got into the page would be stopped by its policy.
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(hostile)})`);
  await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))');
  expect(await messages()).toEqual([]);
  expect(faults.some(fault => fault.includes('Content Security Policy'))).toBe(true);
  await page.close();
});

it('says so if nothing has been counted, or if the learning is off', async () => {
  const { page } = await open(emptyRecord, { isLearning: false });
  expect(await page.locator('main').textContent()).toContain('Words: nothingYet');
  expect(await page.locator('main').textContent()).toContain('Words: learningIsOff');
  expect((await checkAccessibility(page.mainFrame())).faults).toEqual([]);
  await page.close();
});
