/** A shopping cart: try Sotto here. At the end of the class, write a getter for the total weight. */
export interface Item {
  readonly name: string;
  readonly price: number;
  readonly weight: number;
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

  get totalPrice(): number {
    let sum = 0;
    for (const item of this.items) {
      sum += item.price * item.quantity;
    }
    return sum;
  }
}
