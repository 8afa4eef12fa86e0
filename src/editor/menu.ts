/** The menu that the item in the status bar opens: what Sotto does now, and every command that changes it. */
import {
  commands,
  l10n,
  type QuickPickItem,
  QuickPickItemKind,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import { isLanguageEnabled, modelWords } from '../settings/settings';
import { currentSettings } from '../settings/settings.vscode';
import { spellEagerness } from './eagerness';
import type { Pause } from './pause';
import { explainState, type Status } from './status';
import { isExcluded } from './turn-on-and-off';

interface Entry extends QuickPickItem {
  readonly command?: string;
  readonly argument?: string;
}

export interface MenuOptions {
  readonly status: Status;
  /** The document that the entries for language and file are about. */
  readonly document: TextDocument | undefined;
  readonly pause: Pick<Pause, 'until'>;
  readonly keysSavedToday: number;
}

/** The command 'Show Menu'. */
export async function showMenu(options: MenuOptions): Promise<void> {
  const { status, keysSavedToday } = options;
  const entries: readonly Entry[] = [
    ...(status.state === 'failed'
      ? [{ label: l10n.t('$(refresh) Open the model again'), command: 'sotto.reopenModel' }]
      : []),
    group(l10n.t('While you type')),
    ...onAndOff(options),
    group(l10n.t('Model')),
    ...models(status),
    group(l10n.t('At the cursor')),
    { label: l10n.t('$(lightbulb) Trigger completion here'), command: 'sotto.triggerCompletion' },
    { label: l10n.t('$(list-selection) Show several suggestions'), command: 'sotto.showSeveral' },
    { label: l10n.t('$(selection) Complete selection'), command: 'sotto.completeSelection' },
    group(l10n.t('Learn more')),
    { label: l10n.t('$(rocket) Try it in a sample'), command: 'sotto.tryIt' },
    { label: l10n.t('$(mortar-board) Get started'), command: 'sotto.openWalkthrough' },
    { label: l10n.t('$(graph) {0} keys saved today', keysSavedToday), command: 'sotto.showStatistics' },
    { label: l10n.t('$(question) Explain the last request'), command: 'sotto.explain' },
    { label: l10n.t('$(output) Show log'), command: 'sotto.showLog' },
    { label: l10n.t('$(report) Report a problem'), command: 'sotto.reportProblem' },
    {
      label: l10n.t('$(gear) Settings'),
      command: 'workbench.action.openSettings',
      argument: '@ext:sotto.sotto',
    },
  ];
  const placeHolder = status.silence?.says ?? explainState(status);
  const chosen = await window.showQuickPick(entries, {
    title: 'Sotto',
    placeHolder,
    matchOnDescription: true,
  });
  if (chosen?.command !== undefined) await commands.executeCommand(chosen.command, chosen.argument);
}

function onAndOff({ document, pause }: MenuOptions): readonly Entry[] {
  const { enable, languages, exclude, minConfidence, pauseOnBattery } = settingsOf(document);
  const entries: Entry[] = [
    {
      label: enable
        ? l10n.t('$(circle-slash) Turn suggestions off')
        : l10n.t('$(sparkle) Turn suggestions on'),
      command: 'sotto.toggle',
    },
  ];
  if (document !== undefined) {
    const language = document.languageId;
    const name = document.uri.path.split('/').at(-1) ?? '';
    entries.push(
      {
        label: isLanguageEnabled(languages, language)
          ? l10n.t('$(code) Turn off in this language')
          : l10n.t('$(code) Turn on in this language'),
        description: language,
        command: 'sotto.toggleLanguage',
      },
      {
        label: isExcluded(document, exclude)
          ? l10n.t('$(file) Turn on in this file')
          : l10n.t('$(file) Turn off in this file'),
        description: name,
        command: 'sotto.toggleFile',
      },
    );
  }
  if (workspace.workspaceFolders !== undefined)
    entries.push({
      label: enable
        ? l10n.t('$(root-folder) Turn off in this workspace')
        : l10n.t('$(root-folder) Turn on in this workspace'),
      ...(workspace.name !== undefined && { description: workspace.name }),
      command: 'sotto.toggleWorkspace',
    });
  const until = pause.until?.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  entries.push(
    {
      label: l10n.t('$(dashboard) How eager…'),
      description: spellEagerness(minConfidence),
      command: 'sotto.chooseEagerness',
    },
    {
      label: l10n.t('$(debug-pause) Pause…'),
      ...(until !== undefined && { description: l10n.t('until {0}', until) }),
      command: 'sotto.pause',
    },
    {
      label: l10n.t('$(plug) Pause on battery…'),
      description: pauseOnBattery ? l10n.t('on') : l10n.t('off'),
      command: 'workbench.action.openSettings',
      argument: '@id:sotto.pauseOnBattery',
    },
  );
  return entries;
}

function models({ name }: Status): readonly Entry[] {
  const isBundled = ['', ...modelWords].includes(`${workspace.getConfiguration('sotto').get('model')}`);
  return [
    {
      label: l10n.t('$(chip) Choose a model…'),
      ...(name !== undefined && { description: name }),
      command: 'sotto.chooseModel',
    },
    ...(isBundled
      ? []
      : [{ label: l10n.t('$(discard) Use the bundled model'), command: 'sotto.chooseModel', argument: '' }]),
  ];
}

/** The menu opens also if a setting is wrong, because it leads to the settings. */
function settingsOf(document: TextDocument | undefined) {
  try {
    return currentSettings(document);
  } catch {
    return { enable: true, languages: {}, exclude: [], minConfidence: Number.NaN, pauseOnBattery: false };
  }
}

function group(label: string): Entry {
  return { label, kind: QuickPickItemKind.Separator };
}
