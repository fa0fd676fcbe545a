/** Whatever a client sends is a value or a typed error that does not repeat it. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { FILE, groupFile } from '../../../emrtd/chip/mod.ts';
import { TrustStore } from '../../../emrtd/mod.ts';
import { DocvalError } from '../../../server/docval/errors.ts';
import { judgeFiles } from '../../../server/docval/given-files.ts';
import { renderPassport } from '../../../server/docval/passport.ts';
import { accessPassword, parseStartMessage } from '../../../server/docval/start-message.ts';
import {
  fileFrame,
  parseBinaryFrame,
  parseClientMessage,
} from '../../../server/docval/v2-messages.ts';
import { CHECKED_AT } from '../../emrtd/chip/support.ts';
import { startMessage } from './support/client.ts';
import { makeSpecimen, PROFILES } from './support/documents.ts';

function isTyped<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    expect(error).toBeInstanceOf(DocvalError);
    return undefined;
  }
}

/** A text with some of its characters replaced, left out or doubled. */
function mutated(text: string): fc.Arbitrary<string> {
  const edit = fc.tuple(fc.nat(text.length - 1), fc.constantFrom('', '"', '{', '0', '-', '\u0000'));
  return fc.array(edit, { minLength: 1, maxLength: 6 }).map((edits) =>
    edits.reduce((all, [at, by]) => all.slice(0, at) + by + all.slice(at + 1), text)
  );
}

const v2Start = '{"type":"START","validationId":"a","clientId":"b","platform":"iOS",' +
  '"nfcAdapterSupportsExtendedLength":true}';
const handover = '{"type":"CA_HANDOVER","maxTransceiveLengthForSecureMessaging":256,' +
  '"maxBlockSize":224,"secureMessagingInfo":{"algorithm":"AES","encKey":"AAAA","macKey":"AAAA",' +
  '"ssc":-9007199254740993}}';

test('start messages', () => {
  const texts = fc.oneof(fc.string(), fc.json(), mutated(startMessage()));
  fc.assert(
    fc.property(texts, (text) => {
      const start = isTyped(() => parseStartMessage(text));
      if (start !== undefined) isTyped(() => accessPassword(start.access_key));
    }),
    { numRuns: 1000 },
  );
});

test('access keys', () => {
  const field = fc.oneof(fc.string(), fc.stringMatching(/^[0-9<]{6}$/), fc.constant(null));
  const keys = fc.record({
    can: field,
    document_number: field,
    date_of_birth: field,
    date_of_expiry: field,
  });
  fc.assert(fc.property(keys, (key) => void isTyped(() => accessPassword(key))), { numRuns: 1000 });
});

test('messages of v2', () => {
  const texts = fc.oneof(fc.string(), fc.json(), mutated(v2Start), mutated(handover));
  fc.assert(fc.property(texts, (text) => void isTyped(() => parseClientMessage(text))), {
    numRuns: 1000,
  });
});

test('binary frames of v2, there and back', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    isTyped(() => parseBinaryFrame(bytes));
  }));
  const names = fc.stringMatching(/^[a-z0-9]{1,20}$/);
  fc.assert(fc.property(names, fc.uint8Array({ minLength: 1 }), (name, data) => {
    expect(parseBinaryFrame(fileFrame(name, data))).toEqual({ kind: 'file', name, data });
  }));
});

test('files that were changed are rendered all the same, and are not authentic', () => {
  const { personalised, trust } = makeSpecimen(PROFILES['BAC, CA and AA']);
  const bytesOf = ({ fid }: { fid: number }) => {
    const file = personalised.document.applicationFiles.find((one) => one.fid === fid);
    if (file === undefined) throw new Error(`no file ${fid.toString(16)}`);
    return file.read(0, file.length);
  };
  const sod = bytesOf(FILE.sod);
  const numbers = [1, 2, 14, 15];
  const files = [sod, ...numbers.map((group) => bytesOf(groupFile(group)))];
  const change = fc.tuple(fc.nat(files.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(change, ([which, at, by]) => {
      const [changedSod, ...groups] = files.map((bytes, index) => {
        const place = at % bytes.length;
        return index === which ? bytes.with(place, bytes[place] ^ by) : bytes;
      });
      const given = {
        sod: changedSod,
        groups: new Map(numbers.map((group, index) => [group, groups[index]])),
      };
      const document = judgeFiles(given, { trust, at: CHECKED_AT });
      const passport = renderPassport(document, {
        trust,
        client: { include_files: true, documents: {} },
      });
      if (which > 0) expect(passport.passive_authentication).toBe(false);
      expect(Array.isArray(passport.errors)).toBe(true);
    }),
    { numRuns: 150 },
  );
  const honest = {
    sod,
    groups: new Map(numbers.map((group, index) => [group, files[index + 1]])),
  };
  const passive = judgeFiles(honest, { trust, at: CHECKED_AT }).passive;
  expect(passive.authentic).toBe(true);
  const untrusted = judgeFiles(honest, { trust: TrustStore.empty, at: CHECKED_AT }).passive;
  expect(untrusted.authentic).toBe(false);
});
