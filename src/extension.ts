/** The composition root: constructs the parts, wires them to VS Code, disposes of them. Loads no model. */
import { commands, type ExtensionContext, languages, window, workspace } from 'vscode';
import { refusalRules } from './completion/when';
import { chooseModel, showModelFault } from './editor/choose-model';
import { completeSelection } from './editor/complete-selection';
import { completedDocuments, watchEditorRefusals } from './editor/editor-refusals';
import { createInlineCompletionProvider, type RequestTools } from './editor/inline-completion-provider';
import { createModelShelf } from './editor/model-shelf';
import { createRequestHistory } from './editor/request-history';
import { triggerCompletion, watchSilence } from './editor/silence';
import { createStatusBar, showMenu } from './editor/status-bar';
import { watchOtherFiles } from './other-files/other-files.vscode';
import { watchIgnoreFiles } from './privacy/ignore-files.vscode';
import { bundledModel, createSession, type Session } from './session';
import {
  currentModelPath,
  currentSettings,
  currentThreads,
  settingsFault,
  toggleEnabled,
} from './settings/settings.vscode';
import { createMeasuredSpeeds } from './shelf/measured-speeds';

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Sotto', { log: true });
  const statusBar = createStatusBar();
  const get = (setting: string) => workspace.getConfiguration('sotto').get(setting);
  let wrongSetting = settingsFault();
  const showStatus = () => {
    if (wrongSetting !== undefined) statusBar.show({ state: 'failed', fault: wrongSetting });
    else statusBar.show(get('enable') ? { ...session.status, silence: silence.says } : { state: 'off' });
  };
  const ignoreFiles = watchIgnoreFiles();
  const editorRefusals = watchEditorRefusals(ignoreFiles, message => log.warn(message));
  const refusals = [...editorRefusals.rules, ...refusalRules];
  const speeds = createMeasuredSpeeds(context.globalState);
  const startSession = (): Session =>
    createSession({
      root: context.extensionPath,
      modelPath: currentModelPath,
      graphsFolder: `${context.globalStorageUri.fsPath}/graphs`,
      threads: currentThreads,
      refusals,
      log: line => log.info(line),
      onStatus: showStatus,
      onSpeed: speeds.add,
      onFault: showModelFault,
    });
  let session = startSession();
  const silence = watchSilence(
    { rules: refusals, settings: currentSettings, onIgnoreFilesChange: ignoreFiles.onDidChange },
    showStatus,
  );
  showStatus();
  const replaceSession = () => {
    session.dispose();
    session = startSession();
  };
  /** A user who has just chosen a model wants to know now whether it can be used. If not, the session says so. */
  const openNow = () => session.openModel().catch(() => undefined);

  const shelf = createModelShelf({
    box: [{ value: '', path: context.asAbsolutePath(bundledModel) }],
    inspectionEntry: context.asAbsolutePath('dist/inspection.js'),
    storage: context.globalStorageUri.fsPath,
    secrets: context.secrets,
    speeds,
    log: line => log.info(line),
  });
  void shelf.askAboutInterrupted();
  const otherFiles = watchOtherFiles(ignoreFiles);
  const history = createRequestHistory();
  const tools: RequestTools = {
    completer: () => session.completer,
    settings: currentSettings,
    otherFiles,
    history,
    log,
  };
  context.subscriptions.push(
    log,
    statusBar,
    ignoreFiles,
    editorRefusals,
    silence,
    otherFiles,
    history,
    { dispose: () => session.dispose() },
    languages.registerInlineCompletionItemProvider(completedDocuments, createInlineCompletionProvider(tools)),
    commands.registerCommand('sotto.completeSelection', () => completeSelection(tools)),
    commands.registerCommand('sotto.triggerCompletion', () => triggerCompletion(silence.why)),
    commands.registerCommand('sotto.toggle', toggleEnabled),
    commands.registerCommand('sotto.chooseModel', (path?: string) =>
      path === undefined ? shelf.show() : chooseModel(path),
    ),
    commands.registerCommand('sotto.reopenModel', async () => {
      replaceSession();
      showStatus();
      await openNow();
    }),
    commands.registerCommand('sotto.explain', () => history.show(silence.says)),
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
      wrongSetting = settingsFault();
      const isOtherModel = change.affectsConfiguration('sotto.model');
      if (isOtherModel || change.affectsConfiguration('sotto.threads')) replaceSession();
      if (isOtherModel) void openNow();
      session.completer.forget();
      showStatus();
    }),
  );
}
