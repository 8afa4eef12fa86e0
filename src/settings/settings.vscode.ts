/** Sotto's settings as VS Code has them now. VS Code fills in the defaults of package.json. */
import { homedir } from 'node:os';
import { ConfigurationTarget, workspace } from 'vscode';
import { type CompletionSettings, readHub, readModelPath, readSettings, readThreads } from './settings';

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
    currentModelPath();
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

/** @returns the absolute path of the user's own model; undefined for the bundled model @throws SettingError */
export function currentModelPath(): string | undefined {
  const configuration = workspace.getConfiguration(section);
  return readModelPath(name => configuration.get(name), homedir());
}

/** @returns the address of the hub that models are downloaded from @throws SettingError */
export function currentHub(): string {
  const configuration = workspace.getConfiguration(section);
  return readHub(name => configuration.get(name));
}

/** Turns suggestions on or off. If the workspace has the setting, it is changed there, because it overrides the user's. */
export async function toggleEnabled(): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const isInWorkspace = configuration.inspect('enable')?.workspaceValue !== undefined;
  const target = isInWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await configuration.update('enable', !configuration.get('enable'), target);
}
