/** What is remembered of the documents that were asked about lately, by their address. */

/** More are hardly open at once, and each may hold a document's text. */
const mostDocuments = 32;

export class PerDocument<State> {
  private readonly states = new Map<string, State>();

  get(uri: string): State | undefined {
    return this.states.get(uri);
  }

  set(uri: string, state: State): void {
    this.states.delete(uri);
    this.states.set(uri, state);
    if (this.states.size > mostDocuments) this.states.delete(this.states.keys().next().value!);
  }
}
