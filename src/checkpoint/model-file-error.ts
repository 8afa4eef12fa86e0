/** Characters of a message, at most: names and shapes in a damaged file can be megabytes long. */
const maxFieldLength = 200;
const maxProblemLength = 400;

/** Says in one line what is wrong with a file of a model: the file, the field, what was found and what was expected. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';

  /**
   * @param file path of the file
   * @param field the place in it, e.g. `hidden_size` or `tensor 'lm_head.weight'`
   * @param problem what was found and what was expected
   */
  constructor(
    readonly file: string,
    readonly field: string,
    readonly problem: string,
  ) {
    // Names and values come from the file itself. Characters in them that end a line would break the message.
    const shown = `${field.slice(0, maxFieldLength)}: ${problem.slice(0, maxProblemLength)}`;
    super(`${file}: ${shown}`.replace(/[\p{Cc}\u2028\u2029]+/gu, ' '));
  }
}
