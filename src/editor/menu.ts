/** What the status bar item opens: Sotto's commands. */
import { commands, type QuickPickItem, window } from 'vscode';

export async function showMenu(isEnabled: boolean): Promise<void> {
  const entries: (QuickPickItem & { readonly command: string; readonly argument?: string })[] = [
    {
      label: isEnabled ? '$(circle-slash) Turn suggestions off' : '$(sparkle) Turn suggestions on',
      command: 'sotto.toggle',
    },
    { label: '$(lightbulb) Trigger completion here', command: 'sotto.triggerCompletion' },
    { label: '$(selection) Complete selection', command: 'sotto.completeSelection' },
    { label: '$(output) Show log', command: 'sotto.showLog' },
    { label: '$(gear) Settings', command: 'workbench.action.openSettings', argument: '@ext:sotto.sotto' },
  ];
  const chosen = await window.showQuickPick(entries, { title: 'Sotto' });
  if (chosen) await commands.executeCommand(chosen.command, ...(chosen.argument ? [chosen.argument] : []));
}
