/** Sotto's settings as VS Code has them now. VS Code fills in the defaults of package.json. */
import { homedir } from 'node:os';
import { ConfigurationTarget, workspace } from 'vscode';
import { type CompletionSettings, readModel, readSettings, readThreads } from './settings';

const section = 'sotto';

/** @throws SettingError */
export function currentSettings(): CompletionSettings {
  const configuration = workspace.getConfiguration(section);
  return readSettings(name => configuration.get(name));
}

/** @returns the message about a wrong setting; undefined if all settings are right */
export function settingsFault(): string | undefined {
  try {
    currentSettings();
    currentThreads();
    currentModel();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** @returns threads of the engine's process; 0 lets the engine choose @throws SettingError */
export function currentThreads(): number {
  const configuration = workspace.getConfiguration(section);
  return readThreads(name => configuration.get(name));
}

/** @returns 'automatic', 'small', 'large', or the absolute path of the user's own model @throws SettingError */
export function currentModel(): string {
  const configuration = workspace.getConfiguration(section);
  return readModel(name => configuration.get(name), homedir());
}

/** Whether Sotto chooses between its own models. A wrong value is not automatic: it is reported when the model is opened. */
export function isModelAutomatic(): boolean {
  try {
    return currentModel() === 'automatic';
  } catch {
    return false;
  }
}

/** Turns suggestions on or off. If the workspace has the setting, it is changed there, because it overrides the user's. */
export async function toggleEnabled(): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const isInWorkspace = configuration.inspect('enable')?.workspaceValue !== undefined;
  const target = isInWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await configuration.update('enable', !configuration.get('enable'), target);
}
