/** The command 'Choose Model File': VS Code's dialog, whose answer becomes the setting. */
import { ConfigurationTarget, window, workspace } from 'vscode';

/** @param path writes this without asking; empty is the bundled model */
export async function chooseModel(path?: string): Promise<void> {
  const chosen = path ?? (await askForFile());
  if (chosen !== undefined)
    await workspace.getConfiguration('sotto').update('model', chosen, ConfigurationTarget.Global);
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
