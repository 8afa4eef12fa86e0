/**
 * A pause of the suggestions in this window, for some minutes. A newer VS Code has a pause of its own for the suggestions
 * of all extensions, and shows it by itself. Then that one is used.
 */
import { commands, type Disposable, type Event, EventEmitter, l10n, window } from 'vscode';

/** VS Code has it since 1.103. It asks for how long by itself. */
const snooze = 'editor.action.inlineSuggest.snooze';

export interface Pause extends Disposable {
  /** When the pause ends; undefined if there is none. */
  readonly until: Date | undefined;
  readonly onDidChange: Event<void>;
  /** The command 'Pause Suggestions' asks for how long, or offers to end a pause. */
  choose(): Promise<void>;
  end(): void;
}

export function createPause(): Pause {
  const changed = new EventEmitter<void>();
  let until: Date | undefined;
  let timer: NodeJS.Timeout | undefined;

  const end = () => {
    clearTimeout(timer);
    until = undefined;
    changed.fire();
  };
  const start = (minutes: number) => {
    clearTimeout(timer);
    const ms = minutes * 60_000;
    until = new Date(Date.now() + ms);
    timer = setTimeout(end, ms);
    changed.fire();
  };

  return {
    get until() {
      return until;
    },
    onDidChange: changed.event,
    async choose() {
      if (until === undefined && (await commands.getCommands()).includes(snooze))
        return void (await commands.executeCommand(snooze));
      const lengths = [5, 15, 60, 240].map(minutes => ({ label: spellMinutes(minutes), minutes }));
      const resume = { label: l10n.t('$(play) Resume now'), minutes: 0 };
      const chosen = await window.showQuickPick(until === undefined ? lengths : [resume, ...lengths], {
        title: l10n.t('Pause Sotto in this window'),
        placeHolder: l10n.t('Nothing is suggested while you type. If you ask, Sotto still answers.'),
      });
      if (chosen?.minutes === 0) end();
      else if (chosen !== undefined) start(chosen.minutes);
    },
    end,
    dispose() {
      clearTimeout(timer);
      changed.dispose();
    },
  };
}

function spellMinutes(minutes: number): string {
  if (minutes < 60) return l10n.t('{0} minutes', minutes);
  return minutes === 60 ? l10n.t('1 hour') : l10n.t('{0} hours', minutes / 60);
}
