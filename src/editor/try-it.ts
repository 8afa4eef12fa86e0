/**
 * The first steps: the command 'Try It' opens a sample where a suggestion is waiting at the cursor, and asks for it. The
 * walkthrough begins with it. Neither needs a network.
 */
import {
  commands,
  type ExtensionContext,
  env,
  Position,
  Range,
  type TextDocument,
  TextEditorRevealType,
  Uri,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';

/** Where the cursor stands in the sample. */
const cursor = '█';

type Folders = Pick<ExtensionContext, 'extensionUri' | 'globalStorageUri'>;

/**
 * Opens the sample anew each time, whatever the user has written in it before. It is in Python, because VS Code brings no
 * language server for Python: one that starts would take the processor's time from the first suggestion.
 * @param openModel begins to load the model, so that it is there when the sample is
 */
export async function tryIt(
  { extensionUri, globalStorageUri }: Folders,
  openModel: () => Promise<unknown>,
): Promise<void> {
  // If it cannot be opened, the session says so.
  openModel().catch(() => undefined);
  const [before = '', after = ''] = (await readSample(extensionUri)).split(cursor);
  // A document without a file would ask whether it shall be saved when it is closed.
  const document = await openWithText(Uri.joinPath(globalStorageUri, 'try-it', 'queue.py'), before + after);
  const place = document.positionAt(before.length);
  const editor = await window.showTextDocument(document, {
    selection: new Range(place, place),
    preview: false,
  });
  // What the sample says at its top should be seen too.
  editor.revealRange(new Range(new Position(0, 0), place), TextEditorRevealType.Default);
  await commands.executeCommand('editor.action.inlineSuggest.trigger');
}

/** The sample with its comments in the user's language, or else in English. */
async function readSample(extensionUri: Uri): Promise<string> {
  const read = (name: string) => workspace.fs.readFile(Uri.joinPath(extensionUri, 'media/try-it', name));
  const translated = await read(`queue.${env.language}.py`).then(undefined, () => undefined);
  return new TextDecoder().decode(translated ?? (await read('queue.py')));
}

/** The command 'Get Started'. */
export async function openWalkthrough(): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', 'sotto.sotto#start');
}

/** Opens a file with this text. The folders above it are made if they are missing. */
async function openWithText(file: Uri, text: string): Promise<TextDocument> {
  const isOpen = workspace.textDocuments.some(({ uri }) => uri.toString() === file.toString());
  // The text of an open file is changed in its editor: if we wrote the file, VS Code could find two versions of it.
  if (!isOpen) await workspace.fs.writeFile(file, new TextEncoder().encode(text));
  const document = await workspace.openTextDocument(file);
  if (document.getText() !== text) {
    const edit = new WorkspaceEdit();
    edit.replace(file, new Range(0, 0, document.lineCount, 0), text);
    await workspace.applyEdit(edit);
    await document.save();
  }
  return document;
}
