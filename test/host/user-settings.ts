// User settings under which tests type into VS Code: nothing appears, moves or is inserted that the test
// did not ask for. To be spread into `writeUserSettings(userDataFolder, { ...quietSettings, ... })`.
//
// Ghost text needs the suggest widget to stay away: VS Code hides a completion that does not continue
// the widget's selected item.

export const quietSettings: Readonly<Record<string, unknown>> = {
  // Else VS Code looks into other programs' settings in the user's home.
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
  // On the web VS Code saves after a second by default.
  'files.autoSave': 'off',
  'git.enabled': false,
  'html.autoClosingTags': false,
  'javascript.autoClosingTags': false,
  'typescript.autoClosingTags': false,
  // A document without a file would become JavaScript by itself while a test still types it as plain text.
  'workbench.editor.languageDetection': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  // What the model thinks of its own suggestions is not what these tests are about.
  'sotto.minConfidence': 0,
  // The files that they type into repeat themselves; what that is good for has a scenario of its own.
  'sotto.copies': false,
  'workbench.tips.enabled': false,
};

/** Commands of VS Code's own that it has no key for. The palette is no way to them: it takes the focus, and the ghost text goes. */
export const keybindings = [{ key: 'alt+l', command: 'editor.action.inlineSuggest.acceptNextLine' }];
