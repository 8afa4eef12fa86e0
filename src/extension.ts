/** The composition root: constructs the parts, wires them to VS Code, disposes of them. Loads no model. */
import * as l10n from '@vscode/l10n';
import {
  commands,
  EventEmitter,
  type ExtensionContext,
  languages,
  l10n as textsOfVsCode,
  window,
  workspace,
} from 'vscode';
import { createAutomaticSession } from './automatic-session';
import { bundledModels } from './bundled-models/bundled-models';
import { createBattery } from './common/battery';
import { refusalRules } from './completion/when';
import { createImportAdder } from './editor/add-imports';
import { chooseModel, showModelFault } from './editor/choose-model';
import { completeSelection } from './editor/complete-selection';
import { chooseEagerness } from './editor/eagerness';
import { completedDocuments, watchEditorRefusals } from './editor/editor-refusals';
import { createInlineCompletionProvider, type RequestTools } from './editor/inline-completion-provider';
import { createLanguageStatus } from './editor/language-status';
import { showMenu } from './editor/menu';
import { createModelShelf } from './editor/model-shelf';
import { mentionOtherAssistants } from './editor/other-assistants';
import { createPause } from './editor/pause';
import { createPreparationNotice } from './editor/preparation-notice';
import { reportProblem } from './editor/report-problem';
import { createRequestHistory } from './editor/request-history';
import { createSeveralSuggestions } from './editor/several-suggestions';
import { triggerCompletion, watchSilence } from './editor/silence';
import type { Status } from './editor/status';
import { createStatusBar } from './editor/status-bar';
import { openWalkthrough, tryIt } from './editor/try-it';
import { toggleEnabled, toggleFile, toggleLanguage, toggleWorkspace } from './editor/turn-on-and-off';
import { watchRests } from './editor/watch-rests';
import { watchOtherFiles } from './other-files/other-files.vscode';
import { watchIgnoreFiles } from './privacy/ignore-files.vscode';
import { createSession, type Session } from './session';
import {
  currentModel,
  currentSettings,
  currentThreads,
  isModelAutomatic,
  settingsFault,
} from './settings/settings.vscode';
import { createMeasuredSpeeds } from './shelf/measured-speeds';
import { createStatistics } from './statistics/statistics.vscode';

export function activate(context: ExtensionContext): void {
  // For the folders that do not know VS Code: the same texts, in the language in which VS Code speaks.
  if (textsOfVsCode.bundle !== undefined) l10n.config({ contents: textsOfVsCode.bundle });
  const log = window.createOutputChannel('Sotto', { log: true });
  const statusViews = [createStatusBar(), createLanguageStatus(), createPreparationNotice()];
  let wrongSetting = settingsFault();
  const statusNow = (): Status => {
    if (wrongSetting !== undefined) return { state: 'failed', fault: wrongSetting };
    const { status } = session;
    const isOn = workspace.getConfiguration('sotto', silence.document).get('enable');
    return isOn ? { ...status, silence: silence.reason } : { state: 'off' };
  };
  const showStatus = () => {
    const status = statusNow();
    for (const view of statusViews) view.show(status);
  };
  const ignoreFiles = watchIgnoreFiles();
  const pause = createPause();
  const batteryChanged = new EventEmitter<void>();
  const battery = createBattery({ onChange: () => batteryChanged.fire() });
  /** The pause and the choice of the model share one battery: on Windows each question to the system starts a process. */
  const watchBattery = (onChange: () => void) => {
    const listener = batteryChanged.event(onChange);
    return { isInUse: battery.isInUse, dispose: () => listener.dispose() };
  };
  const editorRefusals = watchEditorRefusals({
    ignoreFiles,
    pause,
    battery,
    warn: message => log.warn(message),
  });
  const refusals = [...editorRefusals.rules, ...refusalRules];
  const speeds = createMeasuredSpeeds(context.globalState);
  const startSession = (): Session => {
    const options = {
      root: context.extensionPath,
      graphsFolder: `${context.globalStorageUri.fsPath}/graphs`,
      threads: currentThreads,
      refusals,
      log: (line: string) => log.info(line),
      onStatus: showStatus,
      onSpeed: speeds.add,
      onFault: showModelFault,
    };
    return isModelAutomatic()
      ? createAutomaticSession({ ...options, watchBattery })
      : createSession({ ...options, modelPath: currentModel });
  };
  let session = startSession();
  const silence = watchSilence(
    {
      rules: refusals,
      settings: currentSettings,
      onChange: [ignoreFiles.onDidChange, pause.onDidChange, batteryChanged.event],
    },
    () => {
      wrongSetting = settingsFault(silence.document);
      showStatus();
    },
  );
  showStatus();
  const replaceSession = () => {
    session.dispose();
    session = startSession();
  };
  /** A user who has just chosen a model wants to know now whether it can be used. If not, the session says so. */
  const openNow = () => session.openModel().catch(() => undefined);

  const shelf = createModelShelf({
    box: bundledModels(context.extensionPath),
    inspectionEntry: context.asAbsolutePath('dist/inspection.js'),
    storage: context.globalStorageUri.fsPath,
    secrets: context.secrets,
    speeds,
    log: line => log.info(line),
  });
  void shelf.askAboutInterrupted();
  const otherFiles = watchOtherFiles(ignoreFiles);
  const history = createRequestHistory();
  const statistics = createStatistics({
    folder: `${context.globalStorageUri.fsPath}/statistics`,
    settings: currentSettings,
    log: line => log.warn(line),
  });
  const imports = createImportAdder(
    document => currentSettings(document).addImports,
    line => log.debug(line),
  );
  const tools: RequestTools = {
    completer: () => session.completer,
    settings: currentSettings,
    otherFiles,
    history,
    statistics,
    imports,
    log,
  };
  const several = createSeveralSuggestions(tools);
  context.subscriptions.push(
    log,
    ...statusViews,
    pause,
    batteryChanged,
    ignoreFiles,
    editorRefusals,
    silence,
    otherFiles,
    history,
    watchRests(tools, () => session.status.state === 'ready'),
    statistics,
    imports,
    several,
    { dispose: () => session.dispose() },
    languages.registerInlineCompletionItemProvider(completedDocuments, createInlineCompletionProvider(tools)),
    commands.registerCommand('sotto.completeSelection', () => completeSelection(tools)),
    commands.registerCommand('sotto.triggerCompletion', () => triggerCompletion(silence.reason?.why)),
    commands.registerCommand('sotto.showSeveral', () => several.show()),
    commands.registerCommand('sotto.insertSuggestion', (index?: number) => several.insert(index)),
    commands.registerCommand('sotto.tryIt', () => tryIt(context, () => session.openModel())),
    commands.registerCommand('sotto.openWalkthrough', openWalkthrough),
    commands.registerCommand('sotto.toggle', toggleEnabled),
    commands.registerCommand('sotto.toggleLanguage', toggleLanguage),
    commands.registerCommand('sotto.toggleFile', toggleFile),
    commands.registerCommand('sotto.toggleWorkspace', toggleWorkspace),
    commands.registerCommand('sotto.chooseEagerness', chooseEagerness),
    commands.registerCommand('sotto.pause', () => pause.choose()),
    commands.registerCommand('sotto.chooseModel', (path?: string) =>
      path === undefined ? shelf.show() : chooseModel(path),
    ),
    commands.registerCommand('sotto.reopenModel', async () => {
      replaceSession();
      showStatus();
      await openNow();
    }),
    commands.registerCommand('sotto.explain', () => history.show(silence.reason?.says)),
    commands.registerCommand('sotto.showStatistics', statistics.showPage),
    commands.registerCommand('sotto.reportProblem', () => reportProblem(context, statusNow())),
    commands.registerCommand('sotto.showLog', () => log.show()),
    commands.registerCommand('sotto.showMenu', () =>
      showMenu({
        status: statusNow(),
        document: silence.document,
        pause,
        keysSavedToday: statistics.keysSavedToday(),
      }),
    ),
    workspace.onDidChangeConfiguration(change => {
      if (!change.affectsConfiguration('sotto')) return;
      wrongSetting = settingsFault(silence.document);
      const isOtherModel = change.affectsConfiguration('sotto.model');
      if (isOtherModel || change.affectsConfiguration('sotto.threads')) replaceSession();
      if (isOtherModel) {
        statistics.resetLearning();
        void openNow();
      }
      session.completer.forget();
      showStatus();
    }),
  );
  void mentionOtherAssistants(context.globalState);
  // `npm start` sets this, so that a newcomer sees the sample first.
  if (process.env['SOTTO_TRY_IT'] !== undefined) void commands.executeCommand('sotto.tryIt');
}
