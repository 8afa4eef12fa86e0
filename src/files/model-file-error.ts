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
    problem: string,
  ) {
    super(`${file}: ${field}: ${problem}`);
  }
}
