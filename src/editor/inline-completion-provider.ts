/** The first and the last step of a keystroke: document to snapshot, completion to ghost text. */
import {
  InlineCompletionItem,
  type InlineCompletionItemProvider,
  InlineCompletionTriggerKind,
  type LogOutputChannel,
  Range,
} from 'vscode';
import type { Completer, Completion } from '../completion/complete';
import type { CompletionSettings } from '../completion/settings';
import type { DocumentSnapshot } from '../context/document-snapshot';
import { toAbortSignal } from './abort-signal';
import { takeSnapshot } from './snapshot';

export interface ProviderParts {
  readonly completer: () => Completer;
  readonly settings: () => CompletionSettings;
  readonly log: LogOutputChannel;
}

export function createInlineCompletionProvider({
  completer,
  settings,
  log,
}: ProviderParts): InlineCompletionItemProvider {
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
        const completion = await completer().complete(
          { document: snapshot, trigger, settings: settings() },
          signal,
        );
        if (completion === undefined || signal.aborted || document.version !== version) return undefined;
        log.debug(describe(snapshot, completion));
        const range = new Range(
          selected?.range.start ?? position,
          position.translate(0, completion.replaceAfter),
        );
        return [new InlineCompletionItem((selected?.text ?? '') + completion.text, range)];
      } catch (error) {
        logFault(error);
        return undefined;
      } finally {
        dispose();
      }
    },
  };
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
function describe({ path }: DocumentSnapshot, { source, text, report }: Completion): string {
  const length = `${text.length} characters`;
  if (report === undefined) return `${path}: ${length} from the ${source}`;
  const { promptTokens, cachedTokens, generatedTokens, prefillMs, totalMs, stopReason } = report;
  return (
    `${path}: ${length} from the model: prompt ${promptTokens} tokens, ${cachedTokens} cached, ` +
    `${generatedTokens} generated (${stopReason}), ${prefillMs.toFixed(0)} ms to prefill, ${totalMs.toFixed(0)} ms in all`
  );
}
