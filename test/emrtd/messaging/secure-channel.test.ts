import { expect, test } from 'bun:test';
import { encodeCommand, parseResponse, readFile, Session } from '../../../emrtd/iso7816/mod.ts';
import { EF_COM } from '../../../emrtd/iso7816/mod.ts';
import { SecureChannel } from '../../../emrtd/messaging/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { hex, scriptedChip, toHex } from '../iso7816/scripted-chip.ts';

const VECTOR = 'emrtd/vectors/icao-D4-secure-messaging.json';
const TRANSCRIPT = 'emrtd/transcripts/icao-D4-read-com.json';

describeWithData('secure messaging, worked example of 9303-11 D.4', [VECTOR, TRANSCRIPT], () => {
  test('protects each command and opens each answer byte by byte', async () => {
    const vector = await Bun.file(sharedPath(VECTOR)).json();
    const channel = new SecureChannel({
      cipher: '3DES',
      kenc: hex(vector.ksEnc),
      kmac: hex(vector.ksMac),
      ssc: BigInt(`0x${vector.sscBefore}`),
    });
    for (const step of vector.steps) {
      const [, ins, p1, p2] = hex(step.commandHeader);
      const le = step.le === '' ? undefined : parseInt(step.le, 16);
      const command = { cla: 0, ins, p1, p2, data: hex(step.commandData), le };
      const sent = encodeCommand(channel.wrap(command, { extended: false }));
      expect(toHex(sent)).toBe(step.protectedCommand);
      const answer = channel.unwrap(parseResponse(hex(step.protectedResponse)));
      expect(toHex(answer.data)).toBe(step.responseData);
      expect(answer.sw).toBe(parseInt(step.sw, 16));
    }
  });

  test('reads EF.COM exactly as the example does', async () => {
    const transcript = await Bun.file(sharedPath(TRANSCRIPT)).json();
    const transceiver = scriptedChip(transcript.exchanges);
    const session = new Session({ transceiver });
    const channel = new SecureChannel({
      cipher: '3DES',
      kenc: hex(transcript.before.ksEnc),
      kmac: hex(transcript.before.ksMac),
      ssc: BigInt(`0x${transcript.before.ssc}`),
    });
    session.channel = channel;
    expect(toHex(await readFile(session, EF_COM))).toBe(transcript.plainFile);
    expect(channel.snapshot().ssc).toBe(BigInt(`0x${transcript.after.ssc}`));
    expect(transceiver.done).toBe(true);
  });
});
