/** The statistics of this window: counts what becomes of suggestions, stores it, learns from it, and shows it. */
import type { Disposable } from 'vscode';
import type { CompletionSettings } from '../settings/settings';
import { countsOf, dayOf, sumOf } from './counts';
import { addEvidence, type Evidence, evidenceOf, learnedThreshold } from './learn';
import { createStatisticsFiles } from './statistics-files';
import { createStatisticsPanel } from './statistics-panel.vscode';
import { type SuggestionWatch, watchSuggestions } from './watch-suggestions.vscode';

export interface Statistics extends Disposable, Pick<SuggestionWatch, 'shown'> {
  /** @returns the settings with the threshold that was learned for a language */
  adjust(settings: CompletionSettings, languageId: string): CompletionSettings;
  /** In every window, and in this one up to now. */
  keysSavedToday(): number;
  /** The command 'Show Statistics'. */
  showPage(): void;
  /** What was learned of one model says nothing about another. */
  resetLearning(): void;
}

export interface StatisticsOptions {
  /** Where the files are kept, a folder of its own. */
  readonly folder: string;
  /** @throws SettingError */
  readonly settings: () => CompletionSettings;
  readonly log: (line: string) => void;
}

/** Windows write this often. What was counted since then is lost only if the process is killed. */
const writeEveryMs = 5 * 60 * 1000;

export function createStatistics({ folder, settings, log }: StatisticsOptions): Statistics {
  const today = () => dayOf(new Date());
  const files = createStatisticsFiles({ folder, now: Date.now, today, log });
  /** Of all windows; undefined until it is needed, and after another window may have added to it. */
  let evidence: readonly Evidence[] | undefined;
  const known = () => {
    evidence ??= files.total().evidence;
    return evidence;
  };

  const watch = watchSuggestions({
    count: ({ language, source }, counts) =>
      files.add({ rows: [{ day: today(), language, source, ...countsOf(counts) }], evidence: [] }),
    learn(language, confidence, isRight) {
      const one = evidenceOf(today(), language, confidence, isRight);
      files.add({ rows: [], evidence: [one] });
      if (evidence !== undefined) evidence = addEvidence([...evidence, one]);
    },
  });

  const resetLearning = () => {
    files.resetLearning();
    evidence = undefined;
  };
  const panel = createStatisticsPanel({
    total: files.total,
    today,
    settings() {
      const { minConfidence, learn } = settings();
      return { base: minConfidence, isLearning: learn };
    },
    resetLearning,
    erase() {
      files.erase();
      evidence = undefined;
    },
  });
  const timer = setInterval(() => {
    files.write();
    evidence = undefined;
  }, writeEveryMs);

  return {
    shown: watch.shown,
    adjust(current, languageId) {
      if (!current.learn) return current;
      const own = known().filter(({ language }) => language === languageId);
      return { ...current, minConfidence: learnedThreshold(own, current.minConfidence, today()) };
    },
    keysSavedToday() {
      const day = today();
      return sumOf(files.total().rows.filter(row => row.day === day)).keys;
    },
    showPage: panel.show,
    resetLearning,
    dispose() {
      clearInterval(timer);
      panel.dispose();
      watch.dispose();
      files.write();
    },
  };
}
