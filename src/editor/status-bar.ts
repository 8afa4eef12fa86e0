/** The item in the status bar: what Sotto is doing, and the way to its commands. */
import { type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { EngineState } from '../engine-process/engine-client';

export interface Status {
  readonly state: EngineState | 'off';
  /** Of the model, where it is known. */
  readonly name?: string | undefined;
  /** Why the model cannot be used, where that is known. */
  readonly fault?: string | undefined;
}

interface Look {
  readonly icon: string;
  /** In place of Sotto's name. */
  readonly text?: string;
  readonly says: string;
}

function lookOf({ state, name = 'the model', fault }: Status): Look {
  switch (state) {
    case 'idle':
      return { icon: 'sparkle', says: 'Ready; the model loads with the first suggestion.' };
    case 'preparing':
      return {
        icon: 'loading~spin',
        text: `Preparing ${name} (first time)…`,
        says: `Preparing ${name}. This is done once and may take minutes.`,
      };
    case 'loading':
      return { icon: 'loading~spin', says: `Loading ${name}.` };
    case 'ready':
      return { icon: 'sparkle', says: `Ready, with ${name}.` };
    case 'working':
      return { icon: 'loading~spin', says: 'Working.' };
    case 'off':
      return { icon: 'circle-slash', says: 'Off: no suggestions while typing.' };
    case 'failed':
      return { icon: 'error', says: fault ?? 'The engine failed. The log says why.' };
  }
}

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
      const { icon, text = 'Sotto', says } = lookOf(status);
      item.text = `$(${icon}) ${text}`;
      item.tooltip = new MarkdownString('**Sotto** ').appendText(says);
      item.accessibilityInformation = { label: `Sotto: ${says}`, role: 'button' };
      item.backgroundColor =
        status.state === 'failed' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    },
    dispose: () => item.dispose(),
  };
}
