/** What Sotto is doing now, in words for the status bar, the menu and the language status. */
import { l10n } from 'vscode';
import type { Choice } from '../bundled-models/choose-bundled-model';
import type { EngineState, Progress } from '../engine-process/engine-client';
import type { Silenced } from './silence';

export interface Status {
  readonly state: EngineState | 'off';
  /** The model's name, if it is known. */
  readonly name?: string | undefined;
  /** Why the model cannot be used, if we know it. */
  readonly fault?: string | undefined;
  /** How much of the model is prepared, while it is. */
  readonly progress?: Progress | undefined;
  /** Which of the bundled models answers, and why, if Sotto chooses. */
  readonly choice?: Choice | undefined;
  /** Why the active editor gets no suggestions while the user types, if it gets none. */
  readonly silence?: Silenced | undefined;
}

/** The state in a sentence. */
export function explainState({ state, name = l10n.t('the model'), fault, progress, choice }: Status): string {
  switch (state) {
    case 'idle':
      return l10n.t('Ready; the model loads with the first suggestion.');
    case 'preparing':
      return progress === undefined
        ? l10n.t('Preparing {0}. This is done once and may take minutes.', name)
        : l10n.t('Preparing {0}: {1}. This is done once.', name, spellProgress(progress));
    case 'loading':
      return l10n.t('Loading {0}.', name);
    case 'ready':
      return choice === undefined ? l10n.t('Ready, with {0}.', name) : explainChoice(choice);
    case 'working':
      return l10n.t('Working.');
    case 'off':
      return l10n.t('Off: no suggestions while typing.');
    case 'failed':
      return fault ?? l10n.t('The engine failed. The log says why.');
  }
}

function explainChoice({ answers, why }: Choice): string {
  if (answers === 'large') return l10n.t('Ready, with the large model.');
  switch (why.kind) {
    case 'slow':
      return l10n.t(
        'Ready, with the small model: this machine reads {0} tokens a second with the large one, so a suggestion would take {1} ms.',
        Math.round(why.reads),
        Math.round(why.ms),
      );
    case 'battery':
      return l10n.t('Ready, with the small model while the computer runs on its battery.');
    case 'opening':
      return l10n.t('Ready, with the small model until the large one is prepared.');
    case 'failed':
      return l10n.t('Ready, with the small model: the large one could not be opened. The log says why.');
    default:
      return l10n.t('Ready, with the small model.');
  }
}

/** Such as `40 %, 12 s left`. */
export function spellProgress({ done, msLeft }: Progress): string {
  const percent = Math.floor(done * 100);
  if (msLeft === undefined) return l10n.t('{0} %', percent);
  const seconds = Math.ceil(msLeft / 1000);
  return seconds < 90
    ? l10n.t('{0} %, {1} s left', percent, seconds)
    : l10n.t('{0} %, {1} min left', percent, Math.round(seconds / 60));
}
