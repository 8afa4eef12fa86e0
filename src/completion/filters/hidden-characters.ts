import type { TextFilter } from './filter';

/**
 * Cuts a suggestion before the first character that a reader cannot see, or that changes how other characters are shown.
 * Code must do what it seems to do (Boucher and Anderson, Trojan Source, arXiv 2111.00169). Half of a surrogate pair and
 * the mark of undecodable bytes are cut too.
 */
export const cutHiddenCharacters: TextFilter = text => {
  const hidden = hiddenCharacter.exec(text);
  return hidden ? text.slice(0, hidden.index) : text;
};

const hiddenCharacter = new RegExp(
  [
    // Control characters except tab and line feed, and line ends that only some programs know.
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029]',
    // Bidirectional marks, embeddings, overrides and isolates.
    '[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]',
    // Characters without width: spaces, word joiners, byte order mark, soft hyphen, invisible operators, fillers, tags.
    '[\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u200b\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufeff\\uffa0]',
    '[\\u{e0000}-\\u{e0fff}]',
    // Joiners of letters after ASCII. Emoji and Indic and Persian scripts need them after other characters.
    '(?<![^\\u0000-\\u007f])[\\u200c\\u200d]',
    // The mark of bytes that could not be decoded, and half of a surrogate pair.
    '[\\ufffc\\ufffd\\ud800-\\udfff]',
  ].join('|'),
  'u',
);
