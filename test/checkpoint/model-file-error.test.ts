import { expect, it } from 'vitest';
import { ModelFileError } from '../../src/checkpoint/model-file-error';

it('says file, field and problem', () => {
  const error = new ModelFileError('/m/config.json', 'n_head', 'found 0');
  expect(`${error}`).toBe('ModelFileError: /m/config.json: n_head: found 0');
  expect(error).toMatchObject({ file: '/m/config.json', field: 'n_head' });
});

it.each(['\n', '\r\n', '\u2028', '\u001b', '\0'])('is one line of text, even if the file holds %j', mark => {
  expect(new ModelFileError('f', `tensor 'a${mark}b'`, `x${mark}y`).message).toBe("f: tensor 'a b': x y");
});
