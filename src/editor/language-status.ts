/** Whether suggestions come in this file, and if not, why: an entry of VS Code's language status, beside the language. */
import { type Command, type Disposable, LanguageStatusSeverity, l10n, languages } from 'vscode';
import { explainWhy } from '../completion/explain-requests';
import type { Refusal } from '../completion/request';
import { explainState, type Status } from './status';

export interface LanguageStatus extends Disposable {
  show(status: Status): void;
}

export function createLanguageStatus(): LanguageStatus {
  const item = languages.createLanguageStatusItem('sotto.languageStatus', { language: '*' });
  item.name = 'Sotto';
  return {
    show(status) {
      const { state, silence } = status;
      const isOff = state === 'failed' || state === 'off' || silence !== undefined;
      item.text = isOff ? l10n.t('Sotto suggests nothing here') : l10n.t('Sotto suggests while you type');
      item.detail =
        silence !== undefined && state !== 'failed'
          ? sentence(explainWhy(silence.why))
          : explainState(status);
      item.busy = state === 'preparing' || state === 'loading';
      item.severity = state === 'failed' ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
      item.command = wayOut(status);
    },
    dispose: () => item.dispose(),
  };
}

/** The command that most likely helps. */
function wayOut({ state, silence }: Status): Command {
  if (state === 'failed') return { title: l10n.t('Try Again'), command: 'sotto.reopenModel' };
  return (
    (silence && waysOut()[silence.why]) ??
    (state === 'off' ? waysOut().off : undefined) ?? { title: l10n.t('Menu'), command: 'sotto.showMenu' }
  );
}

function waysOut(): Partial<Record<Refusal, Command>> {
  const setting = (id: string): Command => ({
    title: l10n.t('Open Setting'),
    command: 'workbench.action.openSettings',
    arguments: [`@id:${id}`],
  });
  return {
    off: { title: l10n.t('Turn On'), command: 'sotto.toggle' },
    language: { title: l10n.t('Turn On'), command: 'sotto.toggleLanguage' },
    excluded: { title: l10n.t('Turn On'), command: 'sotto.toggleFile' },
    paused: { title: l10n.t('Resume'), command: 'sotto.pause' },
    battery: setting('sotto.pauseOnBattery'),
    'inline-suggest': setting('editor.inlineSuggest.enabled'),
    'unreadable-ignore-file': { title: l10n.t('Show Log'), command: 'sotto.showLog' },
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
