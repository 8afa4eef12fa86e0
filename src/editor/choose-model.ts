/** The command 'Choose Model File': VS Code's dialog, whose answer becomes the setting. */
import { ConfigurationTarget, commands, window, workspace } from 'vscode';

/** @param path writes this without asking; empty is the bundled model */
export async function chooseModel(path?: string): Promise<void> {
  const chosen = path ?? (await askForFile());
  if (chosen === undefined) return;
  const configuration = workspace.getConfiguration('sotto');
  // To choose the same file again is to try it again: it may be another by now, and no setting changes.
  if (configuration.get('model') === chosen) await commands.executeCommand('sotto.reopenModel');
  else await configuration.update('model', chosen, ConfigurationTarget.Global);
}

/** @returns undefined if the user cancelled */
async function askForFile(): Promise<string | undefined> {
  const [file] =
    (await window.showOpenDialog({
      title: 'A model for Sotto',
      openLabel: 'Use This Model',
      filters: { 'GGUF models': ['gguf'] },
    })) ?? [];
  return file?.fsPath;
}
