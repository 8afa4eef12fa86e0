/** The first and the last step of a keystroke: document to snapshot, completion to ghost text. */
import {
  InlineCompletionItem,
  type InlineCompletionItemProvider,
  InlineCompletionTriggerKind,
  type LogOutputChannel,
  Range,
  window,
} from 'vscode';
import type { Completion } from '../completion/complete';
import { explainRefusal } from '../completion/explain/explain-refusal';
import type { Trace } from '../completion/explain/trace';
import type { Refusal } from '../completion/when/trigger';
import { shortPath } from '../document/document-snapshot';
import { takeSnapshot } from '../document/take-snapshot.vscode';
import { toAbortSignal } from './abort-signal';
import type { RequestParts } from './request-parts';

export function createInlineCompletionProvider({
  completer,
  settings,
  gate,
  otherFiles,
  history,
  log,
}: RequestParts): InlineCompletionItemProvider {
  const logFault = createFaultLog(log);
  return {
    async provideInlineCompletionItems(
      document,
      position,
      { triggerKind, selectedCompletionInfo: selected },
      token,
    ) {
      const { signal, dispose } = toAbortSignal(token);
      const { version } = document;
      try {
        const snapshot = takeSnapshot(document, position, selected);
        const trigger = triggerKind === InlineCompletionTriggerKind.Invoke ? 'manual' : 'automatic';
        const refusal = await gate.refusal(document, trigger);
        const record = history.record(document, position, trigger);
        const trace: Trace = event => {
          record.trace(event);
          if (event.step === 'trigger' && trigger === 'manual') sayWhyRefused(event.refusal);
        };
        const request = {
          document: snapshot,
          trigger,
          settings: settings(),
          otherFiles: () => otherFiles.of(document),
          refusal,
          trace,
        } as const;
        const completions =
          trigger === 'manual'
            ? await completer().completeSeveral(request, signal)
            : [await completer().complete(request, signal)].filter(completion => completion !== undefined);
        if (signal.aborted || document.version !== version) return undefined;
        const path = shortPath(document.uri.path);
        if (completions.length === 0) log.debug(`${path}: nothing is shown: ${record.explainNothing()}`);
        for (const completion of completions) log.debug(describe(path, completion));
        if (trigger === 'automatic' && completions[0] !== undefined)
          completer().prepareNext(request, completions[0]).catch(logFault);
        const start = selected?.range.start ?? position;
        return completions.map(({ text, replaceAfter }) => {
          const range = new Range(start, position.translate(0, replaceAfter));
          return new InlineCompletionItem((selected?.text ?? '') + text, range);
        });
      } catch (error) {
        logFault(error);
        return undefined;
      } finally {
        dispose();
      }
    },
  };
}

/** Whoever asks where it is forbidden is told. */
function sayWhyRefused(refusal: Refusal | undefined): void {
  if (refusal === 'secret' || refusal === 'ignored')
    void window.showInformationMessage(`Sotto: ${explainRefusal(refusal)}`);
}

/** The same fault at every keystroke is said once. */
function createFaultLog(log: LogOutputChannel): (error: unknown) => void {
  let last: string | undefined;
  return error => {
    const message = String(error);
    if (message !== last) log.error(error instanceof Error ? error : message);
    last = message;
  };
}

/** One line of the log; never the document's text. */
function describe(path: string, { source, text, report }: Completion): string {
  const length = `${text.length} characters`;
  if (source === 'prepared') return `${path}: ${length}, prepared`;
  if (report === undefined) return `${path}: ${length} from the ${source}`;
  const { promptTokens, cachedTokens, generatedTokens, prefillMs, totalMs, stopReason } = report;
  return (
    `${path}: ${length} from the ${source}: prompt ${promptTokens} tokens, ${cachedTokens} cached, ` +
    `${generatedTokens} generated (${stopReason}), ${prefillMs.toFixed(0)} ms to prefill, ${totalMs.toFixed(0)} ms in all`
  );
}
