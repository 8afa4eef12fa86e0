/**
 * Adds the import that an accepted suggestion misses. The language's own extension says which: after the text was inserted
 * it reports the unknown name, and offers to import it. If it knows several ways, the user has to choose, so nothing is
 * done.
 */
import {
  type CodeAction,
  commands,
  type Diagnostic,
  type Disposable,
  languages,
  Range,
  type TextDocument,
  type TextDocumentChangeEvent,
  type Uri,
  type WorkspaceEdit,
  workspace,
} from 'vscode';
import { findImport } from '../document/find-import';

/** A language server that has just started needs several seconds. Much later, an edit would come as a surprise. */
const patienceMs = 20_000;

export interface ImportAdder extends Disposable {
  /** These texts are shown at this offset. */
  shown(document: TextDocument, offset: number, texts: readonly string[]): void;
}

interface Accepted {
  readonly uri: string;
  /** First and last line of the inserted text. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly until: number;
  readonly tried: Set<string>;
}

/** @param isWanted whether the setting `sotto.addImports` is on for the document */
export function createImportAdder(
  isWanted: (document: TextDocument) => boolean,
  log: (line: string) => void,
): ImportAdder {
  let last: { readonly uri: string; readonly offset: number; readonly texts: readonly string[] } | undefined;
  let accepted: Accepted | undefined;

  const onChange = ({ document, contentChanges }: TextDocumentChangeEvent) => {
    const uri = document.uri.toString();
    const [change, ...others] = contentChanges;
    if (change === undefined) return;
    const isWhole =
      last?.uri === uri &&
      others.length === 0 &&
      last.texts.some(text => text === change.text.replaceAll('\r\n', '\n')) &&
      change.rangeOffset === last.offset;
    if (!isWhole) {
      // A change above moves the lines of the accepted text. Below and beside, the user types on.
      if (accepted?.uri === uri && contentChanges.some(({ range }) => range.start.line < accepted!.firstLine))
        accepted = undefined;
      return;
    }
    last = undefined;
    if (!isWanted(document)) return;
    const firstLine = change.range.start.line;
    const lastLine = firstLine + change.text.split('\n').length - 1;
    accepted = { uri, firstLine, lastLine, until: Date.now() + patienceMs, tried: new Set() };
  };

  const onDiagnostics = async (uris: readonly Uri[]) => {
    const uri = uris.find(one => one.toString() === accepted?.uri);
    if (uri === undefined || accepted === undefined) return;
    if (Date.now() > accepted.until) accepted = undefined;
    else await addImports(uri, accepted, () => accepted, log);
  };

  const subscriptions = [
    workspace.onDidChangeTextDocument(onChange),
    languages.onDidChangeDiagnostics(({ uris }) => {
      onDiagnostics(uris).catch(error => log(`import not added: ${(error as Error).message}`));
    }),
  ];
  return {
    shown(document, offset, texts) {
      last = { uri: document.uri.toString(), offset, texts };
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

async function addImports(
  uri: Uri,
  accepted: Accepted,
  current: () => Accepted | undefined,
  log: (line: string) => void,
): Promise<void> {
  const document = workspace.textDocuments.find(one => one.uri.toString() === uri.toString());
  if (document === undefined) return;
  for (const diagnostic of languages.getDiagnostics(uri)) {
    const name = nameAt(document, diagnostic, accepted);
    if (name === undefined || accepted.tried.has(name)) continue;
    accepted.tried.add(name);
    const { version } = document;
    const edit = await importOf(document, name, diagnostic.range);
    // While the language's extension was asked, the user may have typed. Then its edit is for another text.
    if (edit === undefined || document.version !== version || current() !== accepted) continue;
    await workspace.applyEdit(edit);
    log('an import was added to an accepted suggestion');
    return;
  }
}

/** The unknown name in the accepted text that a diagnostic is about. */
function nameAt(
  document: TextDocument,
  { range }: Diagnostic,
  { firstLine, lastLine }: Accepted,
): string | undefined {
  if (range.start.line < firstLine || range.end.line > lastLine) return undefined;
  const text = document.getText(range);
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(text) ? text : undefined;
}

/** How many actions are asked for their edits. Behind the first few there are none that import. */
const maxResolved = 12;

/** @returns undefined if there is no way to import the name, or more than one */
async function importOf(
  document: TextDocument,
  name: string,
  range: Range,
): Promise<WorkspaceEdit | undefined> {
  const actions = await commands.executeCommand<readonly CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    'quickfix',
    maxResolved,
  );
  const edits = actions.flatMap(({ edit }) => {
    const changes = edit?.entries() ?? [];
    const [entry] = changes;
    if (edit === undefined || entry === undefined || changes.length > 1) return [];
    const [uri, textEdits] = entry;
    if (uri.toString() !== document.uri.toString()) return [];
    const plain = textEdits.map(one => ({
      lastLine: one.range.end.line,
      text: one.newText,
      lines: document.getText(new Range(one.range.start.line, 0, one.range.end.line + 1, 0)),
    }));
    return [{ edit, changes: plain }];
  });
  const index = findImport(
    edits.map(({ changes }) => changes),
    name,
    range.start.line,
  );
  return index === undefined ? undefined : edits[index]?.edit;
}
