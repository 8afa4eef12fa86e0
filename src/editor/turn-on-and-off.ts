/**
 * Suggestions while typing on or off: everywhere, in a language, in a file, in a workspace. Each is a setting, so nothing
 * is remembered here.
 */
import {
  ConfigurationTarget,
  l10n,
  languages,
  RelativePattern,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import { fileOf } from '../document/document.vscode';
import { isLanguageEnabled, patternOfPath } from '../settings/settings';
import { changeSetting, currentSettings } from '../settings/settings.vscode';

/** @returns whether a pattern of `sotto.exclude` names the file of the document */
export function isExcluded(document: TextDocument, patterns: readonly string[]): boolean {
  const folder = workspace.getWorkspaceFolder(fileOf(document.uri));
  return patterns.some(pattern => {
    const inFolder = folder === undefined ? pattern : new RelativePattern(folder, pattern);
    return languages.match({ pattern: inFolder }, document) > 0;
  });
}

/** The command 'Toggle'. */
export function toggleEnabled(): Promise<void> {
  const document = window.activeTextEditor?.document;
  return changeSetting('enable', !currentSettings(document).enable, document);
}

/** The command 'Toggle in This Language'. */
export async function toggleLanguage(): Promise<void> {
  const document = activeDocument();
  if (document === undefined) return;
  const { languages: isOn } = currentSettings(document);
  const id = document.languageId;
  await changeSetting('languages', { ...isOn, [id]: !isLanguageEnabled(isOn, id) }, document);
}

/** The command 'Toggle in This File' writes the file's own pattern to `sotto.exclude`, or takes it out. */
export async function toggleFile(): Promise<void> {
  const document = activeDocument();
  if (document === undefined) return;
  const file = fileOf(document.uri);
  if (file.scheme === 'untitled') {
    void window.showInformationMessage(l10n.t('Sotto: save the file first. A new document has no name yet.'));
    return;
  }
  const folder = workspace.getWorkspaceFolder(file);
  const pattern = patternOfPath(folder === undefined ? file.fsPath : workspace.asRelativePath(file, false));
  const configuration = workspace.getConfiguration('sotto', document);
  const patterns = currentSettings(document).exclude;
  const others = patterns.filter(other => other !== pattern);
  if (isExcluded(document, others)) {
    void window.showInformationMessage(
      l10n.t(
        'Sotto: a pattern of the setting sotto.exclude names more files than this one. Change it there.',
      ),
    );
    return;
  }
  const isNow = patterns.length > others.length;
  const target = folder === undefined ? ConfigurationTarget.Global : ConfigurationTarget.WorkspaceFolder;
  await configuration.update('exclude', isNow ? others : [...patterns, pattern], target);
}

/** The command 'Toggle in This Workspace'. */
export async function toggleWorkspace(): Promise<void> {
  const configuration = workspace.getConfiguration('sotto');
  const wanted = configuration.get('enable') !== true;
  const elsewhere = configuration.inspect('enable')?.globalValue ?? true;
  // What the user wants everywhere needs no word in the workspace.
  await configuration.update(
    'enable',
    wanted === elsewhere ? undefined : wanted,
    ConfigurationTarget.Workspace,
  );
}

/** Says so if there is none. */
function activeDocument(): TextDocument | undefined {
  const document = window.activeTextEditor?.document;
  if (document === undefined) void window.showInformationMessage(l10n.t('Sotto: open a file first.'));
  return document;
}
