/**
 * How large an array of bytes a piece of code asks for. The runtime's own counters do not serve: they
 * stand still until the next garbage collection and never see memory that nobody wrote to.
 */

/** Bytes of the largest array asked for by its length so far; copies of arrays do not count. */
export class AskedArrays {
  largest = 0;
  readonly #recording = {
    Uint8Array: this.#recorder(globalThis.Uint8Array),
    ArrayBuffer: this.#recorder(globalThis.ArrayBuffer),
  };
  readonly #original = {
    Uint8Array: globalThis.Uint8Array,
    ArrayBuffer: globalThis.ArrayBuffer,
  };

  #recorder<T extends new (...args: never[]) => object>(type: T): T {
    const recorder: T = new Proxy(type, {
      construct: (target, args: unknown[], newTarget) => {
        if (typeof args[0] === 'number') this.largest = Math.max(this.largest, args[0]);
        return Reflect.construct(target, args, newTarget === recorder ? target : newTarget);
      },
    });
    return recorder;
  }

  /** Runs a body with the recording constructors in place of the global ones. */
  during<T>(body: () => T): T {
    Object.assign(globalThis, this.#recording);
    let result: T;
    try {
      result = body();
    } catch (error) {
      Object.assign(globalThis, this.#original);
      throw error;
    }
    if (result instanceof Promise) {
      return result.finally(() => Object.assign(globalThis, this.#original)) as T;
    }
    Object.assign(globalThis, this.#original);
    return result;
  }
}

/** Bytes of the largest array that a body asks for by its length. */
export async function largestArray(body: () => unknown): Promise<number> {
  const arrays = new AskedArrays();
  await arrays.during(body);
  return arrays.largest;
}
