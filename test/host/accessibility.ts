/** Checks a page with axe, which knows the rules of WCAG: names, roles, order, contrast. */
import { readFileSync } from 'node:fs';
import type { Frame } from 'playwright-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
  /** Rules that were checked, so that an empty list of violations means something. */
  readonly passes: readonly { readonly id: string }[];
}

export interface Accessibility {
  /** One line for each element that breaks a rule. */
  readonly faults: readonly string[];
  /** Names of the rules that elements of the page keep. */
  readonly kept: readonly string[];
}

export async function checkAccessibility(frame: Frame): Promise<Accessibility> {
  await frame.evaluate(axe);
  const { violations, passes } = (await frame.evaluate('axe.run(document)')) as AxeResults;
  return {
    faults: violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html} ${failureSummary}`),
    ),
    kept: passes.map(({ id }) => id),
  };
}
