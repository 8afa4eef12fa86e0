/** A queue with listeners: try Sotto here. Finish the first line of onPush, or write a method that clears the queue. */
export class Queue {
  constructor(limit) {
    this.limit = limit;
    this.items = [];
    this.listeners = [];
  }

  push(item) {
    if (this.items.length >= this.limit) {
      throw new Error('the queue is full');
    }
    this.items.push(item);
    for (const listener of this.listeners) {
      listener(item);
    }
  }

  pop() {
    return this.items.shift();
  }

  onPush(listener) {
    this.listeners
    return () => {
      this.listeners = this.listeners.filter(other => other !== listener);
    };
  }
}
