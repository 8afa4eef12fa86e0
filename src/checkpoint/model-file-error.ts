/** A damaged file's names and shapes can be megabytes long. */
const maxFieldLength = 200;
const maxProblemLength = 400;

/** What is wrong with a file that describes a model: one line that names the file, the field and what to do. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';

  /**
   * @param file path of the file at fault
   * @param field where in it, e.g. `hidden_size` or `tensor 'lm_head.weight'`
   * @param problem what was found and what was expected
   */
  constructor(
    readonly file: string,
    readonly field: string,
    readonly problem: string,
  ) {
    // Names and snippets come from the file itself: whatever breaks a line in them would break the message's.
    const shown = `${field.slice(0, maxFieldLength)}: ${problem.slice(0, maxProblemLength)}`;
    super(`${file}: ${shown}`.replace(/[\p{Cc}\u2028\u2029]+/gu, ' '));
  }
}
