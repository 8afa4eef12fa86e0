/**
 * Try Sotto here. The grey text at the cursor is a suggestion.
 *
 *   Tab           takes it
 *   Ctrl+Right    takes one word of it (Cmd+Right on a Mac)
 *   Alt+\         asks for one, at any place
 *
 * Then write on: another line, another method. Nothing that you write leaves this machine.
 */
export class Queue<Item> {
  private readonly items: Item[] = [];
  private readonly listeners: ((item: Item) => void)[] = [];

  push(item: Item): void {
    this.items.push(item);
    for (const listener of this.listeners) {
      listener(item);
    }
  }

  unshift(item: Item): void {
    this.items.unshift(item);
    for (const listener of this.listeners) {
      █
    }
  }
}
