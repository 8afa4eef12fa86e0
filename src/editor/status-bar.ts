/** The item in the status bar: what Sotto is doing, and the way to its commands. */
import { type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { EngineState } from '../runtime/engine-client';

export type Status = EngineState | 'off';

interface Look {
  readonly icon: string;
  readonly says: string;
}

const looks: Readonly<Record<Status, Look>> = {
  idle: { icon: 'sparkle', says: 'Ready; the model loads with the first suggestion.' },
  loading: { icon: 'loading~spin', says: 'Loading the model.' },
  ready: { icon: 'sparkle', says: 'Ready.' },
  working: { icon: 'loading~spin', says: 'Working.' },
  off: { icon: 'circle-slash', says: 'Off: no suggestions while typing.' },
  failed: { icon: 'error', says: 'The engine failed. The log says why.' },
};

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
      const { icon, says } = looks[status];
      item.text = `$(${icon}) Sotto`;
      item.tooltip = new MarkdownString(`**Sotto** ${says}`);
      item.accessibilityInformation = { label: `Sotto: ${says}`, role: 'button' };
      item.backgroundColor =
        status === 'failed' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    },
    dispose: () => item.dispose(),
  };
}
