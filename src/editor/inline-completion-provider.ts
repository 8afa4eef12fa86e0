/** The first and the last step of a keystroke: the document becomes a request, the suggestion becomes ghost text. */

import {
  type CancellationToken,
  InlineCompletionItem,
  type InlineCompletionItemProvider,
  InlineCompletionTriggerKind,
  type LogOutputChannel,
  Range,
  type TextDocument,
  window,
} from 'vscode';
import type { Completer } from '../completion/completer';
import { explainWhy } from '../completion/explain-requests';
import type { CompletionRequest, Outcome, SourceName } from '../completion/request';
import { decideScope } from '../completion/scope';
import { takeSnapshot } from '../document/document.vscode';
import { shortPath } from '../document/document-snapshot';
import type { OtherFiles } from '../other-files/other-files.vscode';
import type { CompletionSettings } from '../settings/settings';
import type { Statistics } from '../statistics/statistics.vscode';
import type { ImportAdder } from './add-imports';
import type { RequestHistory } from './request-history';

/** The parts of the editor that a request needs. */
export interface RequestTools {
  readonly completer: () => Completer;
  /** Of this document: its language and folder may have settings of their own. */
  readonly settings: (document: TextDocument) => CompletionSettings;
  readonly otherFiles: Pick<OtherFiles, 'of'>;
  readonly history: RequestHistory;
  readonly statistics: Pick<Statistics, 'shown' | 'adjust'>;
  readonly imports: Pick<ImportAdder, 'shown'>;
  readonly log: LogOutputChannel;
}

export function createInlineCompletionProvider({
  completer,
  settings,
  otherFiles,
  history,
  statistics,
  imports,
  log,
}: RequestTools): InlineCompletionItemProvider {
  const logFault = createFaultLog(log);
  return {
    async provideInlineCompletionItems(document, position, { triggerKind, selectedCompletionInfo }, token) {
      const { signal, dispose } = toAbortSignal(token);
      const { version } = document;
      const requestedAt = performance.now();
      try {
        const snapshot = takeSnapshot(document, position, selectedCompletionInfo);
        const trigger = triggerKind === InlineCompletionTriggerKind.Invoke ? 'manual' : 'automatic';
        const record = history.record(document, position, trigger);
        const request: CompletionRequest = {
          document: snapshot,
          trigger,
          scope: decideScope(snapshot),
          settings: statistics.adjust(settings(document), document.languageId),
          otherFiles: () => otherFiles.of(document),
          trace: record.trace,
        };
        const outcomes =
          trigger === 'manual'
            ? await completer().completeSeveral(request, signal)
            : [await completer().complete(request, signal)];
        record.finish(outcomes[0]!);
        if (trigger === 'manual') sayIfForbidden(outcomes[0]!);
        if (signal.aborted || document.version !== version) return undefined;
        for (const outcome of outcomes) log.debug(describe(document, outcome));
        const shown = outcomes.flatMap(outcome => outcome.shown ?? []);
        if (trigger === 'automatic' && shown[0] !== undefined)
          completer().prepareNext(request, shown[0]).catch(logFault);
        const start = selectedCompletionInfo?.range.start ?? position;
        // The user has typed the beginning of the suggest widget's item.
        const typed = document.offsetAt(position) - document.offsetAt(start);
        const selected = selectedCompletionInfo?.text ?? '';
        const reports = statistics.shown({
          document,
          offset: document.offsetAt(position),
          suggestions: shown.map(one => ({ ...one, text: selected.slice(typed) + one.text })),
          isAskedFor: trigger === 'manual',
          requestedAt,
        });
        const items = shown.map(({ text, replaceAfter }, index) => {
          const range = new Range(start, position.translate(0, replaceAfter));
          return new InlineCompletionItem(selected + text, range, reports[index]);
        });
        imports.shown(
          document,
          document.offsetAt(start),
          items.map(({ insertText }) => String(insertText)),
        );
        return items;
      } catch (error) {
        logFault(error);
        return undefined;
      } finally {
        dispose();
      }
    },
  };
}

/** Turns VS Code's cancellation token into an `AbortSignal`. Call `dispose` when the work is done. */
export function toAbortSignal(token: CancellationToken): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const subscription = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => subscription.dispose() };
}

/** If the user asks in a file that Sotto must not read, it says so. */
function sayIfForbidden(outcome: Outcome): void {
  if (outcome.shown !== undefined) return;
  if (outcome.why === 'secret' || outcome.why === 'ignored' || outcome.why === 'unreadable-ignore-file')
    void window.showInformationMessage(`Sotto: ${explainWhy(outcome.why)}`);
}

/** The same fault at every keystroke is logged once. */
function createFaultLog(log: LogOutputChannel): (error: unknown) => void {
  let last: string | undefined;
  return error => {
    const message = String(error);
    if (message !== last) log.error(error instanceof Error ? error : message);
    last = message;
  };
}

/** The sources in words for the log. */
const origins: Readonly<Record<SourceName, string>> = {
  'typed-along': 'the last suggestion',
  copied: 'a copy',
  remembered: 'memory',
  prepared: 'a prepared answer',
  model: 'the model',
};

/** One line of the log. It never holds the document's text. */
function describe({ uri }: TextDocument, outcome: Outcome): string {
  const path = shortPath(uri.path);
  if (outcome.shown === undefined) return `${path}: nothing is shown: ${explainWhy(outcome.why)}`;
  const { shown, report } = outcome;
  const source = `${path}: ${shown.text.length} characters from ${origins[shown.source]}`;
  if (report === undefined) return source;
  const { promptTokens, cachedTokens, generatedTokens, prefillMs, totalMs, stopReason } = report;
  return (
    `${source}: prompt ${promptTokens} tokens, ${cachedTokens} cached, ` +
    `${generatedTokens} generated (${stopReason}), ${prefillMs.toFixed(0)} ms to prefill, ${totalMs.toFixed(0)} ms in all`
  );
}
