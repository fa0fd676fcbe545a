/** Chips for tests: specimen descriptions, a terminal that speaks plain hex, scripted randomness. */
import { type ChipDescription, type Holder } from '../../../emrtd/chip/mod.ts';
import { fromHex, toHex } from '../../../emrtd/crypto/mod.ts';
import type { Random, Transceiver } from '../../../emrtd/types.ts';

/** The holder of ICAO 9303-4 Appendix B. */
export const ERIKSSON: Holder = {
  format: 'TD3',
  documentCode: 'P',
  issuingState: 'UTO',
  documentNumber: 'L898902C3',
  nationality: 'UTO',
  dateOfBirth: '740812',
  sex: 'F',
  dateOfExpiry: '320415',
  primaryIdentifier: 'ERIKSSON',
  secondaryIdentifier: 'ANNA MARIA',
  optionalData: 'ZE184226B',
};

/** Day of issue of all specimens, and a moment at which they are checked. */
export const ISSUED_AT = new Date('2024-03-01T00:00:00Z');
export const CHECKED_AT = new Date('2024-04-01T00:00:00Z');

/** A JPEG in name only: its signature and noise, long enough for several reads. */
export const PHOTO: Uint8Array = (() => {
  const bytes = new Uint8Array(900);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 73) & 0xff;
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  bytes.set([0xff, 0xd9], bytes.length - 2);
  return bytes;
})();

/** A description with BAC only; `changes` go over it. */
export function specimen(changes: Partial<ChipDescription> = {}): ChipDescription {
  return {
    seed: 'specimen',
    holder: ERIKSSON,
    photo: PHOTO,
    bac: true,
    issuedAt: ISSUED_AT,
    ...changes,
  };
}

/** Randomness that gives these values in turn and fails when asked for another length or once more. */
export function scripted(...values: string[]): Random {
  const queue = values.map(fromHex);
  return (length) => {
    const next = queue.shift();
    if (next?.length !== length) {
      throw new Error(`random: ${length} bytes asked, ${next?.length ?? 'none'} scripted`);
    }
    return next;
  };
}

/** Sends one command in hexadecimal and returns the answer in hexadecimal. */
export async function send(chip: Transceiver, command: string): Promise<string> {
  return toHex(await chip.transceive(fromHex(command)));
}
