/** A shopping cart: try Sotto here. Put the cursor at the end of a line, press Enter, and type. */
export interface Item {
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
}

export class Cart {
  private readonly items: Item[] = [];

  add(item: Item): void {
    this.items.push(item);
  }

  remove(name: string): void {
    const index = this.items.findIndex(item => item.name === name);
    if (index !== -1) {
      this.items.splice(index, 1);
    }
  }

  get total(): number {
    let sum = 0;
    for (const item of this.items) {
      sum += item.price * item.quantity;
    }
    return sum;
  }
}
