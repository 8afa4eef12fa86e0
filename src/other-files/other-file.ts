/** A file of the workspace beside the document, or some of its lines. Lines end in `\n`. */
export interface OtherFile {
  /** The file's last folder and its name, with `/`: as a prompt says it. */
  readonly path: string;
  readonly text: string;
}
