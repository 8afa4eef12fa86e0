/**
 * A notification while a model is prepared, with percent and time left. The user may hide it: the status bar says the same.
 */
import { type Disposable, l10n, ProgressLocation, window } from 'vscode';
import { type Status, spellProgress } from './status';

export interface PreparationNotice extends Disposable {
  show(status: Status): void;
}

/** A bundled model is prepared in less time than this, and gets no notification. */
const patienceMs = 2_000;

export function createPreparationNotice(): PreparationNotice {
  let timer: NodeJS.Timeout | undefined;
  let notice: { report(status: Status): void; close(): void } | undefined;
  let last: Status | undefined;

  const open = () => {
    void window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: l10n.t('Sotto prepares {0}', last?.name ?? l10n.t('the model')),
      },
      progress =>
        new Promise<void>(close => {
          let percent = 0;
          notice = {
            report({ progress: now }) {
              if (now === undefined) return;
              const increment = Math.max(0, now.done * 100 - percent);
              percent += increment;
              progress.report({ increment, message: spellProgress(now) });
            },
            close,
          };
          if (last !== undefined) notice.report(last);
        }),
    );
  };
  const close = () => {
    clearTimeout(timer);
    timer = undefined;
    notice?.close();
    notice = undefined;
  };

  return {
    show(status) {
      last = status;
      if (status.state !== 'preparing') return close();
      timer ??= setTimeout(open, patienceMs);
      notice?.report(status);
    },
    dispose: close,
  };
}
