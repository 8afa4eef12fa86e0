import type { TextFilter } from './filter';

/**
 * Cuts a suggestion before the first character that a reader cannot see, or that changes what is seen: code must be
 * what it looks like (Boucher and Anderson, Trojan Source, arXiv 2111.00169). What is no character at all goes too.
 */
export const cutHiddenCharacters: TextFilter = text => {
  const hidden = hiddenCharacter.exec(text);
  return hidden ? text.slice(0, hidden.index) : text;
};

const hiddenCharacter = new RegExp(
  [
    // Controls but tab and line feed; the line ends that only some programs see.
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029]',
    // Bidirectional marks, embeddings, overrides and isolates.
    '[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]',
    // Of no width: spaces, joiners of words, byte order mark, soft hyphen, invisible operators, fillers, tags.
    '[\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u200b\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufeff\\uffa0]',
    '[\\u{e0000}-\\u{e0fff}]',
    // Joiners of letters, where no script needs them: emoji and Indic and Persian text do.
    '(?<![^\\u0000-\\u007f])[\\u200c\\u200d]',
    // The mark of bytes that are no text, and half a surrogate pair.
    '[\\ufffc\\ufffd\\ud800-\\udfff]',
  ].join('|'),
  'u',
);
