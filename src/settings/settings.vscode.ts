/** Sotto's settings as VS Code has them now. VS Code fills in the defaults of package.json. */
import { homedir } from 'node:os';
import { type ConfigurationScope, ConfigurationTarget, workspace } from 'vscode';
import { type CompletionSettings, readHub, readModel, readSettings, readThreads } from './settings';

const section = 'sotto';

/**
 * @param scope the document whose language and folder may have settings of their own; none for those of the window
 * @throws SettingError
 */
export function currentSettings(scope?: ConfigurationScope): CompletionSettings {
  const configuration = workspace.getConfiguration(section, scope);
  return readSettings(name => configuration.get(name));
}

/**
 * @param scope the document whose language and folder count
 * @returns the message about a wrong setting; undefined if all settings are right
 */
export function settingsFault(scope?: ConfigurationScope): string | undefined {
  try {
    currentSettings(scope);
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

/** @returns the address of the hub that models are downloaded from @throws SettingError */
export function currentHub(): string {
  const configuration = workspace.getConfiguration(section);
  return readHub(name => configuration.get(name));
}

/** Whether Sotto chooses between its own models. A wrong value is not automatic: it is reported when the model is opened. */
export function isModelAutomatic(): boolean {
  try {
    return currentModel() === 'automatic';
  } catch {
    return false;
  }
}

/**
 * Changes a setting where it counts: in the place that overrides all others now, or else in the user's settings.
 * @param scope the document whose language and folder count
 */
export async function changeSetting(name: string, value: unknown, scope?: ConfigurationScope): Promise<void> {
  const configuration = workspace.getConfiguration(section, scope);
  const found = configuration.inspect(name);
  const { Global, Workspace, WorkspaceFolder } = ConfigurationTarget;
  // In VS Code's order: what is said of a language overrides what is said of all.
  const places = [
    { value: found?.workspaceFolderLanguageValue, target: WorkspaceFolder, isOfLanguage: true },
    { value: found?.workspaceLanguageValue, target: Workspace, isOfLanguage: true },
    { value: found?.globalLanguageValue, target: Global, isOfLanguage: true },
    { value: found?.workspaceFolderValue, target: WorkspaceFolder, isOfLanguage: false },
    { value: found?.workspaceValue, target: Workspace, isOfLanguage: false },
  ];
  const { target, isOfLanguage } = places.find(place => place.value !== undefined) ?? {
    target: Global,
    isOfLanguage: false,
  };
  await configuration.update(name, value, target, isOfLanguage);
}
