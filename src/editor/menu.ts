/** What the status bar item opens: Sotto's commands. */
import { commands, type QuickPickItem, window } from 'vscode';

interface Entry extends QuickPickItem {
  readonly command: string;
  readonly argument?: string;
}

export interface MenuState {
  readonly isEnabled: boolean;
  /** The model that ships is the one in use. */
  readonly isBundledModel: boolean;
  /** The model cannot be used as things are. */
  readonly isFailed: boolean;
}

export async function showMenu({ isEnabled, isBundledModel, isFailed }: MenuState): Promise<void> {
  const entries: readonly Entry[] = [
    ...(isFailed ? [{ label: '$(refresh) Open the model again', command: 'sotto.reopenModel' }] : []),
    {
      label: isEnabled ? '$(circle-slash) Turn suggestions off' : '$(sparkle) Turn suggestions on',
      command: 'sotto.toggle',
    },
    { label: '$(lightbulb) Trigger completion here', command: 'sotto.triggerCompletion' },
    { label: '$(selection) Complete selection', command: 'sotto.completeSelection' },
    { label: '$(folder-opened) Choose a model file…', command: 'sotto.chooseModel' },
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
