/** The composition root: constructs the parts, wires them to VS Code, disposes of them. Loads no model. */
import { commands, type ExtensionContext, languages, window, workspace } from 'vscode';
import { chooseModel } from './editor/choose-model';
import { completeSelection } from './editor/complete-selection';
import { completedDocuments, createEditorGate } from './editor/gate';
import { watchIgnoreFiles } from './editor/ignore-files';
import { createInlineCompletionProvider } from './editor/inline-completion-provider';
import { showMenu } from './editor/menu';
import { watchOtherFiles } from './editor/other-files';
import { createRequestHistory } from './editor/request-history';
import { currentModelPath, currentSettings, currentThreads, toggleEnabled } from './editor/settings';
import { showModelFault } from './editor/show-model-fault';
import { createStatusBar } from './editor/status-bar';
import { createSession, type Session } from './session';

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Sotto', { log: true });
  const statusBar = createStatusBar();
  const showStatus = () =>
    statusBar.show(workspace.getConfiguration('sotto').get('enable') ? session.status : { state: 'off' });
  const openSession = (): Session =>
    createSession({
      root: context.extensionPath,
      modelPath: currentModelPath,
      graphsFolder: `${context.globalStorageUri.fsPath}/graphs`,
      threads: currentThreads(),
      log: line => log.info(line),
      onStatus: showStatus,
      onFault: showModelFault,
    });
  let session = openSession();
  showStatus();

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
    commands.registerCommand('sotto.explain', () => history.show()),
    commands.registerCommand('sotto.showLog', () => log.show()),
    commands.registerCommand('sotto.showMenu', () =>
      showMenu(currentSettings().enable, workspace.getConfiguration('sotto').get('model') === ''),
    ),
    workspace.onDidChangeConfiguration(change => {
      if (!change.affectsConfiguration('sotto')) return;
      const isOtherModel = change.affectsConfiguration('sotto.model');
      if (isOtherModel || change.affectsConfiguration('sotto.threads')) {
        session.dispose();
        session = openSession();
      }
      // Whoever has just chosen a model wants to know now whether it can be used; the session says so if not.
      if (isOtherModel) session.openModel().catch(() => undefined);
      session.completer.forget();
      showStatus();
    }),
  );
}
