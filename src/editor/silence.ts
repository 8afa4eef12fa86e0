/**
 * Why the active editor gets no suggestions while the user types, as far as that does not depend on the cursor. In such an
 * editor VS Code may not even ask Sotto, so no request can say it. The status bar and the page "Explain Last Request" do.
 */
import {
  commands,
  type Disposable,
  type Event,
  l10n,
  Position,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import { explainWhy } from '../completion/explain-requests';
import type { Refusal } from '../completion/request';
import { findRefusal, type RefusalRule } from '../completion/when';
import { takeSnapshot } from '../document/document.vscode';
import type { CompletionSettings } from '../settings/settings';

export interface Silence extends Disposable {
  /** The document that this is about; undefined if none was opened yet. */
  readonly document: TextDocument | undefined;
  /** Undefined if suggestions may come in it. */
  readonly reason: Silenced | undefined;
}

/** Why a document gets no suggestions. */
export interface Silenced {
  readonly why: Refusal;
  /** The same in a sentence that names the document. */
  readonly says: string;
}

export interface SilenceOptions {
  /** In their order. Only rules of a document count here. */
  readonly rules: readonly RefusalRule[];
  readonly settings: (document: TextDocument) => CompletionSettings;
  /** What the rules go by besides document and settings has changed. */
  readonly onChange: readonly Event<void>[];
}

/** Panels and pages in which the user does not write. While one of them is active, the last editor counts. */
const ignoredSchemes: ReadonlySet<string> = new Set(['output', 'sotto', 'sotto-suggestions']);

/** @param tell is called when the reason has changed */
export function watchSilence({ rules, settings, onChange }: SilenceOptions, tell: () => void): Silence {
  const documentRules = rules.filter(rule => rule.ofDocument);
  let reason: Silenced | undefined;
  let document: TextDocument | undefined;

  const find = async (): Promise<Refusal | undefined> => {
    if (document === undefined || document.isClosed) return undefined;
    const snapshot = takeSnapshot(document, new Position(0, 0));
    return findRefusal(
      { document: snapshot, trigger: 'automatic', settings: settings(document) },
      documentRules,
    );
  };

  const look = async () => {
    const active = window.activeTextEditor?.document;
    if (active === undefined || !ignoredSchemes.has(active.uri.scheme)) document = active;
    const looked = document;
    // A wrong setting is shown in the status bar by itself.
    const found = await find().catch(() => undefined);
    if (looked !== document) return;
    reason =
      found === undefined || looked === undefined
        ? undefined
        : {
            why: found,
            says: l10n.t(
              'Nothing is suggested in {0} while you type: {1}',
              placeOf(looked),
              explainWhy(found),
            ),
          };
    tell();
  };

  const isActive = (changed: TextDocument) => changed === window.activeTextEditor?.document;
  const subscriptions = [
    window.onDidChangeActiveTextEditor(look),
    // A document whose language changes is closed and opened again.
    workspace.onDidOpenTextDocument(opened => isActive(opened) && look()),
    workspace.onDidChangeConfiguration(look),
    ...onChange.map(event => event(look)),
  ];
  void look();
  return {
    get document() {
      return document;
    },
    get reason() {
      return reason;
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** The command 'Trigger Completion'. Where VS Code does not ask Sotto, its own command would show nothing and say nothing. */
export async function triggerCompletion(why: Refusal | undefined): Promise<void> {
  if (why === 'scheme') void window.showInformationMessage(`Sotto: ${explainWhy(why)}`);
  else await commands.executeCommand('editor.action.inlineSuggest.trigger');
}

/** The path of a file, or the whole address of a document of another kind. */
function placeOf({ uri }: TextDocument): string {
  const isFile = uri.scheme === 'file' || workspace.getWorkspaceFolder(uri) !== undefined;
  return isFile ? workspace.asRelativePath(uri) : uri.toString(true);
}
