/**
 * Other extensions that suggest inline. VS Code asks all of them and shows one answer, so two of them hide each other's
 * suggestions. The user is told so once for each.
 */
import { commands, extensions, l10n, type Memento, window } from 'vscode';
import { toggleEnabled } from './turn-on-and-off';

/** By their identifiers at https://marketplace.visualstudio.com/items?itemName=ID */
const assistants: Readonly<Record<string, string>> = {
  'GitHub.copilot': 'GitHub Copilot',
  'GitHub.copilot-chat': 'GitHub Copilot',
  'Codeium.codeium': 'Windsurf (Codeium)',
  'Continue.continue': 'Continue',
  'TabNine.tabnine-vscode': 'Tabnine',
  'TabbyML.vscode-tabby': 'Tabby',
  'supermaven.supermaven': 'Supermaven',
  'sourcegraph.cody-ai': 'Cody',
  'ggml-org.llama-vscode': 'llama.vscode',
  'rjmacarthy.twinny': 'twinny',
  'AmazonWebServices.amazon-q-vscode': 'Amazon Q',
  'Google.geminicodeassist': 'Gemini Code Assist',
};

const remembered = 'assistantsTheUserKnowsOf';

/** @param state remembers which assistants the user was told of */
export async function mentionOtherAssistants(state: Memento): Promise<void> {
  const known = state.get<readonly string[]>(remembered, []);
  // Extensions that are disabled are not among them.
  const id = Object.keys(assistants).find(
    one => extensions.getExtension(one) !== undefined && !known.includes(assistants[one]!),
  );
  if (id === undefined) return;
  const name = assistants[id]!;
  await state.update(remembered, [...known, name]);
  const openSettings = l10n.t('Settings of {0}', name);
  const turnOff = l10n.t('Turn Sotto Off');
  const chosen = await window.showInformationMessage(
    l10n.t('{0} suggests code inline too. VS Code shows one of both, so turn one of them off.', name),
    openSettings,
    turnOff,
    l10n.t('Keep Both'),
  );
  if (chosen === openSettings) await commands.executeCommand('workbench.action.openSettings', `@ext:${id}`);
  if (chosen === turnOff) await toggleEnabled();
}
