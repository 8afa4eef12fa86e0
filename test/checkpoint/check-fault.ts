import { expect } from 'vitest';
import { ModelFileError } from '../../src/checkpoint/model-file-error';
import { thrownBy } from '../thrown-by';

/** `act` throws one line that names `file` and `field` and says `problem`. */
export function checkFault(act: () => unknown, file: string, field: string, problem: string): void {
  const error = thrownBy(act);
  expect(error).toBeInstanceOf(ModelFileError);
  const { message } = error as ModelFileError;
  const where = `${file}: ${field}: `;
  expect(message.slice(0, where.length)).toBe(where);
  expect(message).toContain(problem);
  expect(message).not.toMatch(/[\r\n]/);
}
