/**
 * What was made of an open document, the same object as long as its version is the same. By the document itself: one that
 * was closed, changed on disk and opened anew has the same address and begins at version 1 again.
 */
export function rememberByVersion<Document extends { readonly version: number }, Made>(
  make: (document: Document) => Made,
): (document: Document) => Made {
  const known = new WeakMap<Document, { readonly version: number; readonly made: Made }>();
  return document => {
    const { version } = document;
    const last = known.get(document);
    if (last?.version === version) return last.made;
    const made = make(document);
    known.set(document, { version, made });
    return made;
  };
}
