/** Watches how large a typed array the code allocates. */

const watched = ['Uint8Array', 'Int8Array', 'Uint16Array', 'Uint32Array', 'Float32Array'] as const;

export interface AllocationWatch {
  /** Bytes of the largest typed array that was made from a length since the last call. */
  takeLargest(): number;
  stop(): void;
}

/** Replaces the constructors until `stop`. Once for all files: each replacement throws compiled code away. */
export function watchAllocations(): AllocationWatch {
  let largest = 0;
  const originals = watched.map(name => globalThis[name]);
  for (const [index, name] of watched.entries()) {
    const original = originals[index]!;
    const proxy = new Proxy<typeof original>(original, {
      construct(target, args): object {
        if (typeof args[0] === 'number') largest = Math.max(largest, args[0] * target.BYTES_PER_ELEMENT);
        return Reflect.construct(target, args);
      },
    });
    Object.assign(globalThis, { [name]: proxy });
  }
  return {
    takeLargest() {
      const taken = largest;
      largest = 0;
      return taken;
    },
    stop() {
      for (const [index, name] of watched.entries()) Object.assign(globalThis, { [name]: originals[index] });
    },
  };
}
