/** Sotto's settings as VS Code has them now, with the defaults of package.json. */
import { homedir } from 'node:os';
import { ConfigurationTarget, workspace } from 'vscode';
import { type CompletionSettings, readModelPath, readSettings, readThreads } from './settings';

const section = 'sotto';

/** @throws TypeError that names a setting whose value is out of range */
export function currentSettings(): CompletionSettings {
  const configuration = workspace.getConfiguration(section);
  return readSettings(name => configuration.get(name));
}

/** What is wrong with a setting, in the words of the error that names it; undefined if nothing is. */
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

/** Threads of the engine's process; 0 lets it choose. @throws TypeError that names the setting */
export function currentThreads(): number {
  const configuration = workspace.getConfiguration(section);
  return readThreads(name => configuration.get(name));
}

/** The user's own model; undefined is the bundled one. @throws TypeError that names the setting */
export function currentModelPath(): string | undefined {
  const configuration = workspace.getConfiguration(section);
  return readModelPath(name => configuration.get(name), homedir());
}

/** Where the workspace says otherwise than the user, the workspace's word is what counts, so it is what changes. */
export async function toggleEnabled(): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const isWorkspaces = configuration.inspect('enable')?.workspaceValue !== undefined;
  const target = isWorkspaces ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await configuration.update('enable', !configuration.get('enable'), target);
}
