/** The command 'Show Statistics': the page in an editor, and what its buttons do. */
import { randomBytes } from 'node:crypto';
import { type Disposable, env, l10n, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import type { PageOptions, PageWords } from './page-options';
import type { StatisticsRecord } from './record';
import { type PageMessage, statisticsPage } from './statistics-page';

export interface PanelOptions {
  readonly total: () => StatisticsRecord;
  readonly settings: () => Pick<PageOptions, 'base' | 'isLearning'>;
  readonly today: () => string;
  readonly erase: () => void;
  readonly resetLearning: () => void;
}

export interface StatisticsPanel extends Disposable {
  show(): void;
}

export function createStatisticsPanel({
  total,
  settings,
  today,
  erase,
  resetLearning,
}: PanelOptions): StatisticsPanel {
  let panel: WebviewPanel | undefined;

  const render = () => {
    if (panel === undefined) return;
    const options = { words: pageWords(), locale: env.language, today: today(), ...settings() };
    panel.webview.html = statisticsPage(total(), { ...options, nonce: randomBytes(16).toString('hex') });
  };

  const answer: Readonly<Record<PageMessage, () => Promise<void>>> = {
    export: () => exportAsJson(total(), today()),
    async reset() {
      resetLearning();
      render();
    },
    async erase() {
      const title = l10n.t('Erase');
      const question = l10n.t('Erase all statistics of Sotto, and what it has learned from them?');
      const chosen = await window.showWarningMessage(question, { modal: true }, title);
      if (chosen !== title) return;
      erase();
      render();
    },
  };

  const open = () => {
    const opened = window.createWebviewPanel(
      'sotto.statistics',
      l10n.t('Statistics of Sotto'),
      ViewColumn.Active,
      { enableScripts: true, localResourceRoots: [] },
    );
    opened.webview.onDidReceiveMessage((message: PageMessage) => answer[message]?.());
    opened.onDidChangeViewState(() => opened.visible && render());
    opened.onDidDispose(() => {
      panel = undefined;
    });
    return opened;
  };

  return {
    show() {
      panel ??= open();
      panel.reveal();
      render();
    },
    dispose: () => panel?.dispose(),
  };
}

async function exportAsJson(record: StatisticsRecord, today: string): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const name = `sotto-statistics-${today}.json`;
  const file = await window.showSaveDialog({
    title: l10n.t('Export the statistics as JSON'),
    filters: { JSON: ['json'] },
    ...(folder && { defaultUri: Uri.joinPath(folder, name) }),
  });
  if (file === undefined) return;
  const { rows, evidence } = record;
  const text = `${JSON.stringify({ rows, evidence }, null, 2)}\n`;
  await workspace.fs.writeFile(file, new TextEncoder().encode(text));
}

function pageWords(): PageWords {
  return {
    title: l10n.t('Statistics of Sotto'),
    privacy: l10n.t(
      'Sotto counts on this machine, and the numbers never leave it. It stores no text, no path and no name of a file.',
    ),
    nothingYet: l10n.t('No suggestion has been counted yet.'),
    overview: l10n.t('Overview'),
    today: l10n.t('Today'),
    week: l10n.t('Last 7 days'),
    all: l10n.t('All days'),
    keys: l10n.t('Keys saved'),
    shown: l10n.t('Suggestions shown'),
    accepted: l10n.t('Accepted'),
    kept: l10n.t('Still there after 30 s'),
    keptAtSave: l10n.t('Still there when saved'),
    usualTime: l10n.t('Median time from key to text'),
    byDay: l10n.t('Keys saved, by day'),
    byTime: l10n.t('Suggestions shown, by milliseconds from key to text'),
    byLanguage: l10n.t('By language'),
    bySource: l10n.t('By source'),
    byConfidence: l10n.t('How often suggestions were right, by their confidence'),
    aboutConfidence: l10n.t(
      'A suggestion was right if you kept it, or typed the same. On the dashed line, suggestions are right as often as Sotto says.',
    ),
    day: l10n.t('Day'),
    time: l10n.t('Time'),
    language: l10n.t('Language'),
    source: l10n.t('Source'),
    confidence: l10n.t('Confidence'),
    right: l10n.t('Right'),
    asTable: l10n.t('Show as a table'),
    under: l10n.t('under {0} ms', '{0}'),
    andMore: l10n.t('{0} ms and more', '{0}'),
    thresholds: l10n.t('Learned thresholds'),
    aboutThresholds: l10n.t(
      'A suggestion must be this likely to be shown while you type. Sotto moves the setting sotto.minConfidence by what you keep and refuse, slowly and by at most 15 %.',
    ),
    learningIsOff: l10n.t(
      'The setting sotto.learn is off, so the threshold is sotto.minConfidence in every language.',
    ),
    setting: l10n.t('Setting'),
    learned: l10n.t('Learned'),
    judged: l10n.t('Suggestions judged'),
    exportAsJson: l10n.t('Export as JSON…'),
    reset: l10n.t('Reset the Thresholds'),
    erase: l10n.t('Erase All…'),
    sources: {
      'typed-along': l10n.t('the last suggestion'),
      copied: l10n.t('a copy'),
      remembered: l10n.t('memory'),
      prepared: l10n.t('a prepared answer'),
      model: l10n.t('the model'),
    },
  };
}
