/** Sotto's item in the status bar: it shows what Sotto is doing, and opens the menu. */
import { type Disposable, l10n, MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import { explainState, type Status, spellProgress } from './status';

export interface StatusBar extends Disposable {
  show(status: Status): void;
}

export function createStatusBar(): StatusBar {
  const item = window.createStatusBarItem('sotto.status', StatusBarAlignment.Right, 100);
  item.name = 'Sotto';
  item.command = 'sotto.showMenu';
  item.show();
  return {
    show(status) {
      const explanation = explain(status);
      item.text = `$(${iconOf(status)}) ${textOf(status)}`;
      item.tooltip = new MarkdownString('**Sotto** ').appendText(explanation);
      item.accessibilityInformation = { label: `Sotto: ${explanation}`, role: 'button' };
      item.backgroundColor =
        status.state === 'failed' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    },
    dispose: () => item.dispose(),
  };
}

/** Shown while the mouse is over the item. */
function explain(status: Status): string {
  const state = explainState(status);
  return isSilent(status) ? `${state} ${status.silence?.says}` : state;
}

/** Why nothing is suggested here is of interest only if something would be suggested elsewhere. */
function isSilent({ state, silence }: Status): boolean {
  return (state === 'idle' || state === 'ready') && silence !== undefined;
}

function textOf({ state, name = l10n.t('the model'), progress }: Status): string {
  if (state !== 'preparing') return 'Sotto';
  return progress === undefined
    ? l10n.t('Preparing {0} (first time)…', name)
    : l10n.t('Preparing {0}: {1}', name, spellProgress(progress));
}

function iconOf(status: Status): string {
  if (isSilent(status)) return 'circle-slash';
  switch (status.state) {
    case 'idle':
    case 'ready':
      return 'sparkle';
    case 'preparing':
    case 'loading':
    case 'working':
      return 'loading~spin';
    case 'off':
      return 'circle-slash';
    case 'failed':
      return 'error';
  }
}
