/** The sections of the page of the statistics: each is a heading, a plot if a picture says more, and a table. */
import { type Html, html } from '../common/html';
import { type Counts, dayBefore, medianClass, type Row, sumBy, sumOf, timeLimits } from './counts';
import { confidenceClasses, type Evidence, learnedThreshold } from './learn';
import type { Page } from './page-options';
import { type Bar, barPlot, type PlotOptions, sharePlot } from './plots';
import type { StatisticsRecord } from './record';

/** Days of the first plot. */
const plottedDays = 30;
const weekDays = 7;
/** A share of fewer suggestions means nothing. */
const minJudged = 5;

/** @returns the sections of what was counted; at least one row is given */
export function sections({ rows, evidence }: StatisticsRecord, page: Page): Html[] {
  const { words } = page;
  return [
    overview(rows, page),
    daysSection(rows, page),
    timesSection(rows, page),
    countsSection(words.byLanguage, words.language, sumBy(rows, 'language'), page),
    countsSection(words.bySource, words.source, sourcesOf(rows, page), page),
    confidenceSection(evidence, page),
  ];
}

function overview(rows: readonly Row[], page: Page): Html {
  const { words, today } = page;
  const since = (day: string) => sumOf(rows.filter(row => row.day >= day));
  const spans: readonly (readonly [string, Counts])[] = [
    [words.today, since(today)],
    [words.week, since(dayBefore(today, weekDays - 1))],
    [words.all, sumOf(rows)],
  ];
  return section(words.overview, countsTable(words.overview, '', new Map(spans), page));
}

function daysSection(rows: readonly Row[], page: Page): Html {
  const { words, today, number, locale } = page;
  const byDay = sumBy(rows, 'day');
  const days = Array.from({ length: plottedDays }, (_, index) => dayBefore(today, plottedDays - 1 - index));
  const inWords = (day: string) =>
    new Date(`${day}T12:00:00`).toLocaleDateString(locale, { month: 'short', day: 'numeric' });
  const bars = days.map((day, index) => ({
    value: byDay.get(day)?.keys ?? 0,
    label: (plottedDays - 1 - index) % 5 === 0 ? inWords(day) : '',
  }));
  const counted = [...byDay].reverse();
  const cells = counted.map(([day, { keys }]) => [day, number(keys)]);
  return plotSection(page, words.byDay, bars, [words.day, words.keys], cells);
}

function timesSection(rows: readonly Row[], page: Page): Html {
  const { words, number } = page;
  const { times } = sumOf(rows);
  const labels = times.map((_, index) => timeLabel(index, page));
  const bars = times.map((value, index) => ({ value, label: shortTime(index, page) }));
  const cells = times.map((count, index) => [labels[index]!, number(count)]);
  return plotSection(page, words.byTime, bars, [words.time, words.shown], cells);
}

function shortTime(index: number, { number }: Page): string {
  const limit = timeLimits[index];
  return limit === undefined ? `≥ ${number(timeLimits.at(-1)!)}` : `< ${number(limit)}`;
}

function timeLabel(index: number, { words, number }: Page): string {
  const limit = timeLimits[index];
  return limit === undefined
    ? fill(words.andMore, number(timeLimits.at(-1)!))
    : fill(words.under, number(limit));
}

function countsSection(title: string, head: string, counts: ReadonlyMap<string, Counts>, page: Page): Html {
  return section(title, countsTable(title, head, counts, page));
}

function sourcesOf(rows: readonly Row[], { words }: Page): ReadonlyMap<string, Counts> {
  const named = [...sumBy(rows, 'source')].map(
    ([source, counts]) => [words.sources[source] ?? source, counts] as const,
  );
  return new Map(named);
}

function confidenceSection(evidence: readonly Evidence[], page: Page): Html {
  const { words, percent, number } = page;
  const classes = Array.from({ length: confidenceClasses }, (_, index) => {
    const sum = (of: 'right' | 'wrong') => evidence.reduce((total, one) => total + one[of][index]!, 0);
    return { index, right: sum('right'), judged: sum('right') + sum('wrong') };
  }).filter(({ judged }) => judged > 0);
  const label = (index: number) =>
    `${percent(index / confidenceClasses)}–${percent((index + 1) / confidenceClasses)}`;
  const points = classes
    .filter(({ judged }) => judged >= minJudged)
    .map(({ index, right, judged }) => ({
      x: (index + 0.5) / confidenceClasses,
      y: right / judged,
      label: percent((index + 0.5) / confidenceClasses),
    }));
  return section(words.byConfidence, [
    html`<p>${words.aboutConfidence}</p>`,
    sharePlot(points, plotOptions(words.byConfidence, percent, page)),
    asTable(
      page,
      table(
        words.byConfidence,
        [words.confidence, words.judged, words.right],
        classes.map(({ index, right, judged }) => [label(index), number(judged), percent(right / judged)]),
      ),
    ),
  ]);
}

/** The threshold of each language. */
export function thresholds(evidence: readonly Evidence[], page: Page): Html {
  const { words, today, base, isLearning, percent, number } = page;
  if (!isLearning) return section(words.thresholds, html`<p>${words.learningIsOff}</p>`);
  const languages = [...new Set(evidence.map(({ language }) => language))].sort();
  const rows = languages.map(language => {
    const own = evidence.filter(one => one.language === language);
    const judged = own
      .flatMap(({ right, wrong }) => [...right, ...wrong])
      .reduce((sum, count) => sum + count, 0);
    return [language, percent(base), percent(learnedThreshold(own, base, today)), number(judged)];
  });
  const heads = [words.language, words.setting, words.learned, words.judged];
  return section(words.thresholds, [
    html`<p>${words.aboutThresholds}</p>`,
    rows.length === 0 ? '' : table(words.thresholds, heads, rows),
  ]);
}

function countsTable(name: string, head: string, counts: ReadonlyMap<string, Counts>, page: Page): Html {
  const { words, number, percent } = page;
  const share = (part: number, whole: number) => (whole === 0 ? '–' : percent(part / whole));
  const heads = [words.keys, words.shown, words.accepted, words.kept, words.keptAtSave, words.usualTime];
  const rows = [...counts].map(([label, one]) => [
    label,
    number(one.keys),
    number(one.shown),
    share(one.accepted, one.shown),
    share(one.kept, one.accepted),
    share(one.keptAtSave, one.saved),
    usualTime(one, page),
  ]);
  return table(name, [head, ...heads], rows);
}

/** The class of the median. */
function usualTime({ times }: Counts, page: Page): string {
  const median = medianClass(times);
  return median === undefined ? '–' : timeLabel(median, page);
}

function section(title: string, content: Parameters<typeof html>[1]): Html {
  return html`<section><h2>${title}</h2>${content ?? ''}</section>`;
}

/** @param rows the first cell of each is its head */
function table(name: string, heads: readonly string[], rows: readonly (readonly string[])[]): Html {
  // A table that is wider than the page scrolls by itself, with the keyboard too.
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><thead><tr>${heads.map(
    head => (head === '' ? html`<td></td>` : html`<th scope="col">${head}</th>`),
  )}</tr></thead><tbody>${rows.map(
    ([head = '', ...cells]) =>
      html`<tr><th scope="row">${head}</th>${cells.map(cell => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** Bars of whole numbers, with the same as a table. @param name of both */
function plotSection(
  page: Page,
  name: string,
  bars: readonly Bar[],
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): Html {
  return section(name, [
    barPlot(bars, plotOptions(name, page.number, page)),
    asTable(page, table(name, heads, rows)),
  ]);
}

function asTable({ words }: Page, content: Html): Html {
  return html`<details><summary>${words.asTable}</summary>${content}</details>`;
}

function plotOptions(name: string, format: (value: number) => string, { isRightToLeft }: Page): PlotOptions {
  return { name, format, isRightToLeft };
}

function fill(text: string, value: string): string {
  return text.replace('{0}', value);
}
