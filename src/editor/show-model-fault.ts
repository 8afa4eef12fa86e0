/** Says that the model cannot be opened and why, with the ways to mend it. */
import { commands, window } from 'vscode';

export async function showModelFault(message: string): Promise<void> {
  const ways = [
    { title: 'Open Setting', command: 'workbench.action.openSettings', arguments: ['@id:sotto.model'] },
    { title: 'Show Log', command: 'sotto.showLog', arguments: [] },
  ];
  const chosen = await window.showErrorMessage(`Sotto: ${message}`, ...ways);
  if (chosen) await commands.executeCommand(chosen.command, ...chosen.arguments);
}
