/** Says that the model cannot be opened and why, with the ways to mend it. */
import { commands, env, window } from 'vscode';

export async function showModelFault(message: string): Promise<void> {
  // Where VS Code runs on another machine, the settings of that machine have a page of their own.
  const openSettings = `workbench.action.${env.remoteName === undefined ? 'openSettings' : 'openRemoteSettings'}`;
  // What the message names is what is to be mended; otherwise it is about the model's files.
  const setting = /^setting (sotto\.[\w.]+):/.exec(message)?.[1] ?? 'sotto.model';
  const ways = [
    { title: 'Try Again', command: 'sotto.reopenModel' },
    { title: 'Open Setting', command: openSettings, argument: { query: `@id:${setting}` } },
    { title: 'Show Log', command: 'sotto.showLog' },
  ];
  const chosen = await window.showErrorMessage(`Sotto: ${message}`, ...ways);
  if (chosen) await commands.executeCommand(chosen.command, chosen.argument);
}
