/** The model that is in use: how another one is chosen, and the message if the model cannot be opened. */
import { ConfigurationTarget, commands, env, l10n, window, workspace } from 'vscode';
import { SettingError } from '../settings/settings';

/** Writes a model to the setting. @param chosen a path; empty for the bundled model */
export async function chooseModel(chosen: string): Promise<void> {
  const configuration = workspace.getConfiguration('sotto');
  // The same file may have changed. The setting does not change then, so the model must be opened again here.
  if (configuration.get('model') === chosen) await commands.executeCommand('sotto.reopenModel');
  else await configuration.update('model', chosen, ConfigurationTarget.Global);
}

/** @returns undefined if the user cancelled */
export async function askForFile(): Promise<string | undefined> {
  const [file] =
    (await window.showOpenDialog({
      title: l10n.t('A model for Sotto'),
      openLabel: l10n.t('Use This Model'),
      filters: { [l10n.t('GGUF models')]: ['gguf'] },
    })) ?? [];
  return file?.fsPath;
}

/** Says why the model cannot be opened, and offers to try again, to open the setting and to show the log. */
export async function showModelFault(error: Error): Promise<void> {
  // If VS Code runs on another machine, the settings of that machine have a page of their own.
  const openSettings = `workbench.action.${env.remoteName === undefined ? 'openSettings' : 'openRemoteSettings'}`;
  // An error that is not about a setting is about the model's files.
  const setting = error instanceof SettingError ? error.setting : 'sotto.model';
  const ways = [
    { title: l10n.t('Try Again'), command: 'sotto.reopenModel' },
    { title: l10n.t('Open Setting'), command: openSettings, argument: { query: `@id:${setting}` } },
    { title: l10n.t('Show Log'), command: 'sotto.showLog' },
  ];
  const chosen = await window.showErrorMessage(`Sotto: ${error.message}`, ...ways);
  if (chosen) await commands.executeCommand(chosen.command, chosen.argument);
}
