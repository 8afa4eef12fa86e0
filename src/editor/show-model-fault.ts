/** Says that the model cannot be opened and why, with the ways to mend it. */
import { commands, env, window } from 'vscode';

export async function showModelFault(message: string): Promise<void> {
  // Where VS Code runs on another machine, the settings of that machine have a page of their own.
  const openSettings = `workbench.action.${env.remoteName === undefined ? 'openSettings' : 'openRemoteSettings'}`;
  const ways = [
    { title: 'Open Setting', command: openSettings, argument: { query: '@id:sotto.model' } },
    { title: 'Show Log', command: 'sotto.showLog' },
  ];
  const chosen = await window.showErrorMessage(`Sotto: ${message}`, ...ways);
  if (chosen) await commands.executeCommand(chosen.command, chosen.argument);
}
