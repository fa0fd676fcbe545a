/** Chips for tests: one that knows its lines and refuses any other, and one made of a function. */
import type { Transceiver } from '../../../emrtd/types.ts';

export interface Exchange {
  command: string;
  response: string;
}

export const hex = (text: string): Uint8Array => Uint8Array.fromHex(text);
export const toHex = (bytes: Uint8Array): string => bytes.toHex().toUpperCase();

/** Answers exactly these commands in this order; anything else fails the test. */
export function scriptedChip(
  exchanges: readonly Exchange[],
): Transceiver & { readonly done: boolean } {
  let position = 0;
  return {
    get done() {
      return position === exchanges.length;
    },
    async transceive(command) {
      const next = exchanges[position++];
      if (next === undefined) throw new Error(`unexpected command ${toHex(command)}`);
      if (toHex(command) !== next.command) {
        throw new Error(`command ${position}: ${toHex(command)} instead of ${next.command}`);
      }
      return hex(next.response);
    },
  };
}

/** A chip made of a function, with the commands it got. */
export function chip(
  answer: (command: Uint8Array, count: number) => Uint8Array | string,
): Transceiver & { commands: string[] } {
  const commands: string[] = [];
  return {
    commands,
    async transceive(command) {
      commands.push(toHex(command));
      const given = answer(command, commands.length);
      return typeof given === 'string' ? hex(given) : given;
    },
  };
}

/** Randomness that gives these values in this order. */
export function fixedRandom(...values: readonly string[]): (length: number) => Uint8Array {
  let position = 0;
  return (length) => {
    const value = hex(values[position++] ?? '');
    if (value.length !== length) throw new Error(`random(${length}), value ${position} is another`);
    return value;
  };
}
