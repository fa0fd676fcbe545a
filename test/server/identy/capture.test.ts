import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { CaptureError, parseCapture } from '../../../server/identy/capture.ts';
import { describeCapture, writePayload } from './support/captures.ts';

const DESCRIPTION = describeCapture({
  templates: ['JPEG', 'PNG'],
  frames: [{ bytes: 3, time_ms: 400 }, { bytes: 2, time_ms: 0 }],
});
const write = (description: unknown, frames: number[]) =>
  writePayload(description, new Uint8Array(frames));

function refusal(payload: Uint8Array): string {
  try {
    parseCapture(payload);
  } catch (error) {
    if (error instanceof CaptureError) return error.message;
    throw error;
  }
  return 'taken';
}

describe('a capture', () => {
  test('gives its description and its frames', () => {
    const capture = parseCapture(write(DESCRIPTION, [1, 2, 3, 4, 5]));
    expect(capture.description).toEqual(DESCRIPTION);
    expect(capture.frames.map((frame) => [...frame])).toEqual([[1, 2, 3], [4, 5]]);
  });

  test('whose lengths do not add up is refused', () => {
    expect(refusal(new Uint8Array(3))).toBe('capture: no description');
    expect(refusal(write(DESCRIPTION, [1, 2, 3, 4]))).toBe('capture: frames cut short');
    expect(refusal(write(DESCRIPTION, [1, 2, 3, 4, 5, 6]))).toBe(
      'capture: bytes behind the frames',
    );
    const long = write(DESCRIPTION, []);
    new DataView(long.buffer).setUint32(0, 0xffffffff);
    expect(refusal(long)).toBe('capture: length of the description');
  });

  test('that is described wrongly is refused by the name of the field', () => {
    const wrong: [object, string][] = [
      [{ version: 2 }, 'version'],
      [{ anti_spoofing: { enabled: true, threshold: 'NONE' } }, 'anti_spoofing.threshold'],
      [{ templates: ['NIST'] }, 'templates.0'],
      [{ frames: [] }, 'frames'],
      [{ captured_at: 'yesterday' }, 'captured_at'],
      [{ camera: { ...DESCRIPTION.camera, width: 0 } }, 'camera.width'],
    ];
    for (const [change, field] of wrong) {
      expect(refusal(write({ ...DESCRIPTION, ...change }, [1, 2, 3, 4, 5])))
        .toStartWith(`capture: ${field}: `);
    }
    expect(refusal(write({ ...DESCRIPTION, secret: 'x' }, [1, 2, 3, 4, 5])))
      .toBe('capture: description: unrecognized_keys');
    expect(refusal(new Uint8Array([0, 0, 0, 1, 0xff]))).toBe('capture: the description is no JSON');
  });

  test('of any bytes is taken or refused with its own error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, framed) => {
        const payload = framed ? write(DESCRIPTION, [...bytes]) : bytes;
        expect(refusal(payload)).toMatch(/^(capture: |taken)/);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 500) },
    );
  });
});
