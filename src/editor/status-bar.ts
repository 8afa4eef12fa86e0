/** Sotto's item in the status bar: it shows what Sotto is doing, and opens the menu of Sotto's commands. */
import {
  commands,
  type Disposable,
  MarkdownString,
  type QuickPickItem,
  StatusBarAlignment,
  ThemeColor,
  window,
} from 'vscode';
import type { EngineState } from '../engine-process/engine-client';

export interface StatusBar extends Disposable {
  show(status: Status): void;
}

export interface Status {
  readonly state: EngineState | 'off';
  /** The model's name, if it is known. */
  readonly name?: string | undefined;
  /** Why the model cannot be used, if we know it. */
  readonly fault?: string | undefined;
  /** Why the active editor gets no suggestions while the user types, if it gets none. */
  readonly silence?: string | undefined;
}

export function createStatusBar(): StatusBar {
  const item = window.createStatusBarItem('sotto.status', StatusBarAlignment.Right, 100);
  item.name = 'Sotto';
  item.command = 'sotto.showMenu';
  item.show();
  return {
    show(status) {
      const { icon, text = 'Sotto', explanation } = lookOf(status);
      item.text = `$(${icon}) ${text}`;
      item.tooltip = new MarkdownString('**Sotto** ').appendText(explanation);
      item.accessibilityInformation = { label: `Sotto: ${explanation}`, role: 'button' };
      item.backgroundColor =
        status.state === 'failed' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    },
    dispose: () => item.dispose(),
  };
}

interface Look {
  readonly icon: string;
  /** Shown instead of Sotto's name. */
  readonly text?: string;
  /** Shown while the mouse is over the item. */
  readonly explanation: string;
}

function lookOf(status: Status): Look {
  const look = lookOfState(status);
  const isReady = status.state === 'idle' || status.state === 'ready';
  if (!isReady || status.silence === undefined) return look;
  return { icon: 'circle-slash', explanation: `${look.explanation} ${status.silence}` };
}

function lookOfState({ state, name = 'the model', fault }: Status): Look {
  switch (state) {
    case 'idle':
      return { icon: 'sparkle', explanation: 'Ready; the model loads with the first suggestion.' };
    case 'preparing':
      return {
        icon: 'loading~spin',
        text: `Preparing ${name} (first time)…`,
        explanation: `Preparing ${name}. This is done once and may take minutes.`,
      };
    case 'loading':
      return { icon: 'loading~spin', explanation: `Loading ${name}.` };
    case 'ready':
      return { icon: 'sparkle', explanation: `Ready, with ${name}.` };
    case 'working':
      return { icon: 'loading~spin', explanation: 'Working.' };
    case 'off':
      return { icon: 'circle-slash', explanation: 'Off: no suggestions while typing.' };
    case 'failed':
      return { icon: 'error', explanation: fault ?? 'The engine failed. The log says why.' };
  }
}

interface MenuEntry extends QuickPickItem {
  readonly command: string;
  readonly argument?: string;
}

export interface MenuState {
  readonly isEnabled: boolean;
  readonly isBundledModel: boolean;
  /** Whether the model cannot be used. */
  readonly isFailed: boolean;
}

/** The menu that the item opens. */
export async function showMenu({ isEnabled, isBundledModel, isFailed }: MenuState): Promise<void> {
  const entries: readonly MenuEntry[] = [
    ...(isFailed ? [{ label: '$(refresh) Open the model again', command: 'sotto.reopenModel' }] : []),
    {
      label: isEnabled ? '$(circle-slash) Turn suggestions off' : '$(sparkle) Turn suggestions on',
      command: 'sotto.toggle',
    },
    { label: '$(lightbulb) Trigger completion here', command: 'sotto.triggerCompletion' },
    { label: '$(selection) Complete selection', command: 'sotto.completeSelection' },
    { label: '$(library) Choose a model…', command: 'sotto.chooseModel' },
    ...(isBundledModel
      ? []
      : [{ label: '$(discard) Use the bundled model', command: 'sotto.chooseModel', argument: '' }]),
    { label: '$(question) Explain the last request', command: 'sotto.explain' },
    { label: '$(output) Show log', command: 'sotto.showLog' },
    { label: '$(gear) Settings', command: 'workbench.action.openSettings', argument: '@ext:sotto.sotto' },
  ];
  const chosen = await window.showQuickPick(entries, { title: 'Sotto' });
  if (chosen) await commands.executeCommand(chosen.command, chosen.argument);
}
