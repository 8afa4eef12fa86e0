// User settings and keys for a VS Code that a test types into. Nothing appears, moves or is inserted unless the test
// asks for it.
//
// The suggest widget must stay away: VS Code hides ghost text that does not continue the widget's selected item.

export const quietSettings: Readonly<Record<string, unknown>> = {
  // Otherwise the large model takes over at some time during a test.
  'sotto.model': 'small',
  // Otherwise VS Code reads settings of other programs in the user's home folder.
  'chat.mcp.discovery.enabled': false,
  'editor.acceptSuggestionOnCommitCharacter': false,
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoClosingDelete': 'never',
  'editor.autoIndent': 'keep',
  'editor.autoSurround': 'never',
  'editor.cursorBlinking': 'solid',
  'editor.detectIndentation': false,
  'editor.hover.enabled': false,
  'editor.lightbulb.enabled': 'off',
  'editor.linkedEditing': false,
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.parameterHints.enabled': false,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.renderWhitespace': 'none',
  'editor.snippetSuggestions': 'none',
  'editor.suggestOnTriggerCharacters': false,
  'editor.tabSize': 2,
  'editor.wordBasedSuggestions': 'off',
  // In a browser, VS Code's default is to save after a second.
  'files.autoSave': 'off',
  'git.enabled': false,
  'html.autoClosingTags': false,
  'javascript.autoClosingTags': false,
  'typescript.autoClosingTags': false,
  // Otherwise a document without a file becomes JavaScript by itself while a test types plain text into it.
  'workbench.editor.languageDetection': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  // These tests do not judge suggestions, so they show all of them.
  'sotto.minConfidence': 0,
  // The tests' files repeat themselves. A scenario of its own turns copies on.
  'sotto.copies': false,
};

/** Keys, in Playwright's notation, of commands for which VS Code has none. The palette would take the focus. */
export const keys = {
  acceptNextLine: 'Alt+l',
  closeAllEditors: 'Control+F9',
  clearNotifications: 'Control+F10',
};

const commands: Readonly<Record<keyof typeof keys, string>> = {
  acceptNextLine: 'editor.action.inlineSuggest.acceptNextLine',
  closeAllEditors: 'workbench.action.closeAllEditors',
  clearNotifications: 'notifications.clearAll',
};

/** The same keys as VS Code reads them in keybindings.json. */
export const keybindings = (Object.keys(keys) as (keyof typeof keys)[]).map(name => ({
  key: keys[name].toLowerCase().replace('control', 'ctrl'),
  command: commands[name],
}));
