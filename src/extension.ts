/** The composition root: constructs the parts, wires them to VS Code, disposes of them. Loads no model. */
import { commands, type ExtensionContext, languages, window, workspace } from 'vscode';
import { chooseModel, showModelFault } from './editor/choose-model';
import { completeSelection } from './editor/complete-selection';
import { completedDocuments, createEditorGate } from './editor/gate';
import { createInlineCompletionProvider } from './editor/inline-completion-provider';
import { createRequestHistory } from './editor/request-history';
import { createStatusBar, showMenu } from './editor/status-bar';
import { watchOtherFiles } from './other-files/other-files.vscode';
import { watchIgnoreFiles } from './privacy/ignore-files.vscode';
import { createSession, type Session } from './session';
import {
  currentModelPath,
  currentSettings,
  currentThreads,
  settingsFault,
  toggleEnabled,
} from './settings/settings.vscode';

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Sotto', { log: true });
  const statusBar = createStatusBar();
  const get = (setting: string) => workspace.getConfiguration('sotto').get(setting);
  let fault = settingsFault();
  const showStatus = () => {
    if (fault !== undefined) statusBar.show({ state: 'failed', fault });
    else statusBar.show(get('enable') ? session.status : { state: 'off' });
  };
  const openSession = (): Session =>
    createSession({
      root: context.extensionPath,
      modelPath: currentModelPath,
      graphsFolder: `${context.globalStorageUri.fsPath}/graphs`,
      threads: currentThreads,
      log: line => log.info(line),
      onStatus: showStatus,
      onFault: showModelFault,
    });
  let session = openSession();
  showStatus();
  const replaceSession = () => {
    session.dispose();
    session = openSession();
  };
  /** Whoever has just asked for a model wants to know now whether it can be used; the session says so if not. */
  const openNow = () => session.openModel().catch(() => undefined);

  const ignoreFiles = watchIgnoreFiles();
  const gate = createEditorGate(ignoreFiles);
  const otherFiles = watchOtherFiles(ignoreFiles);
  const history = createRequestHistory();
  const parts = {
    completer: () => session.completer,
    settings: currentSettings,
    gate,
    otherFiles,
    history,
    log,
  };
  context.subscriptions.push(
    log,
    statusBar,
    ignoreFiles,
    gate,
    otherFiles,
    history,
    { dispose: () => session.dispose() },
    languages.registerInlineCompletionItemProvider(completedDocuments, createInlineCompletionProvider(parts)),
    commands.registerCommand('sotto.completeSelection', () => completeSelection(parts)),
    commands.registerCommand('sotto.triggerCompletion', () =>
      commands.executeCommand('editor.action.inlineSuggest.trigger'),
    ),
    commands.registerCommand('sotto.toggle', toggleEnabled),
    commands.registerCommand('sotto.chooseModel', chooseModel),
    commands.registerCommand('sotto.reopenModel', async () => {
      replaceSession();
      showStatus();
      await openNow();
    }),
    commands.registerCommand('sotto.explain', () => history.show()),
    commands.registerCommand('sotto.showLog', () => log.show()),
    commands.registerCommand('sotto.showMenu', () =>
      showMenu({
        isEnabled: get('enable') === true,
        isBundledModel: get('model') === '',
        isFailed: session.status.state === 'failed',
      }),
    ),
    workspace.onDidChangeConfiguration(change => {
      if (!change.affectsConfiguration('sotto')) return;
      fault = settingsFault();
      const isOtherModel = change.affectsConfiguration('sotto.model');
      if (isOtherModel || change.affectsConfiguration('sotto.threads')) replaceSession();
      if (isOtherModel) void openNow();
      session.completer.forget();
      showStatus();
    }),
  );
}
