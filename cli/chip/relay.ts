/** `gatehouse chip relay`: plays the phone of DocVal v1, with the software chip or one behind a TCP line. */
import {
  personalise,
  seededRandom,
  SoftwareChip,
  SPECIMEN_PHOTO,
  specimenHolder,
  usualIssueDay,
} from '../../emrtd/chip/mod.ts';
import type { Transceiver } from '../../emrtd/types.ts';
import { DocvalClientError, validateDocument } from '../../server/web/docval-client/client.ts';
import type { AccessKey, ValidateOutcome } from '../../server/web/docval-client/docval-client.d.ts';
import { connectChip } from './line.ts';
import { faultOptions, formatOption, USUAL } from './options.ts';
import { writeTrust } from './serve.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, TEXTS, UsageError } from '../command.ts';

export const help =
  `Usage: gatehouse chip relay --url ws://HOST:PORT/ws1/validate --client-id ID [options]

Relays a chip to a DocVal server as a phone does and prints what the server says. Without --chip it is
the software chip of a specimen document. Exit code 0 when the session came to its end and the result,
where the server returned it, has no failed check.

  --url URL             the endpoint; "?return_result=true" is added unless --no-result
  --client-id ID        the client id; also GATEHOUSE_DOCVAL_CLIENT_ID
  --validation-id ID    default a random one
  --chip tcp:HOST:PORT  another chip, as "gatehouse chip serve" offers it
  --mrz DOC,DOB,DOE     access key for it: document number, dates as YYMMDD
  --can DIGITS          the other access key
  --format TD1|TD2|TD3  size of the specimen document; default TD3
  --fault NAME          misbehave; may be repeated; "gatehouse chip faults" lists the names
  --trust-out DIR       write csca.cer and ds.crl of the specimen there, for "gatehouse pki import"
  --extended            the adapter takes extended length
  --no-result           do not ask for the result
  --json                one JSON object instead of text
`;

const SPECIMEN_CAN = '123456';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    'url': TEXT,
    'client-id': TEXT,
    'validation-id': TEXT,
    'chip': TEXT,
    'mrz': TEXT,
    'can': TEXT,
    'format': { type: 'string', default: 'TD3' },
    'fault': TEXTS,
    'trust-out': TEXT,
    'extended': FLAG,
    'no-result': FLAG,
    'json': FLAG,
  }, 0);
  const clientId = values['client-id'] ?? process.env.GATEHOUSE_DOCVAL_CLIENT_ID;
  if (!clientId) throw new UsageError('chip relay needs --client-id ID');
  const url = endpoint(values.url);
  const { chip, key, close } = values.chip === undefined
    ? await specimenChip(values)
    : await lineChip(values.chip, values);
  const statuses: string[] = [];
  try {
    const outcome = await validateDocument({
      url,
      clientId,
      validationId: values['validation-id'] ?? crypto.randomUUID(),
      accessKey: key,
      transceive: (command, signal) => chip.transceive(command, signal),
      extendedLength: values.extended,
      returnResult: !values['no-result'],
      platform: 'gatehouse',
      onStatus: (status) => {
        statuses.push(status);
        if (!values.json) io.stderr(`${status}\n`);
      },
    });
    return report(outcome, statuses, values.json, io);
  } catch (error) {
    if (!(error instanceof DocvalClientError)) throw error;
    return reportFailure(error, statuses, values.json, io);
  } finally {
    close();
  }
}

interface AttachedChip {
  chip: Transceiver;
  key: AccessKey;
  close(): void;
}

async function specimenChip(
  values: { format: string; fault: string[]; 'trust-out'?: string; can?: string },
): Promise<AttachedChip> {
  const holder = specimenHolder(formatOption(values.format));
  const faults = faultOptions(values.fault);
  const personalised = personalise({
    seed: 'gatehouse specimen',
    holder,
    photo: SPECIMEN_PHOTO,
    bac: true,
    ...USUAL,
    can: SPECIMEN_CAN,
    issuedAt: usualIssueDay(new Date()),
    faults: faults.issue,
  });
  const folder = values['trust-out'];
  if (folder !== undefined) await writeTrust(folder, personalised);
  const random = seededRandom(crypto.randomUUID());
  return {
    chip: new SoftwareChip(personalised.document, { random, faults: faults.line }),
    key: values.can === undefined
      ? {
        documentNumber: holder.documentNumber,
        dateOfBirth: holder.dateOfBirth,
        dateOfExpiry: holder.dateOfExpiry,
      }
      : { can: values.can },
    close: () => {},
  };
}

async function lineChip(
  address: string,
  { mrz, can }: { mrz?: string; can?: string },
): Promise<AttachedChip> {
  const [, host, port] = /^tcp:(.+):(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined) throw new UsageError(`--chip ${address}: tcp:HOST:PORT`);
  const key = accessKey(mrz, can);
  const line = await connectChip(host.replace(/^\[|\]$/g, ''), Number(port));
  return { chip: line, key, close: () => line.close() };
}

function accessKey(mrz: string | undefined, can: string | undefined): AccessKey {
  if (can !== undefined && mrz === undefined) return { can };
  const [documentNumber, dateOfBirth, dateOfExpiry, ...rest] = mrz?.split(',') ?? [];
  if (can !== undefined || dateOfExpiry === undefined || rest.length > 0) {
    throw new UsageError('chip relay --chip needs --mrz DOC,DOB,DOE or --can DIGITS');
  }
  return { documentNumber, dateOfBirth, dateOfExpiry };
}

function endpoint(text: string | undefined): string {
  const url = URL.parse(text ?? '');
  if (url === null || !/^wss?:$/.test(url.protocol)) {
    throw new UsageError('chip relay needs --url ws://HOST:PORT/ws1/validate');
  }
  return url.href;
}

function report(
  { closeCode: code, closeReason: reason, passport, signedResult }: ValidateOutcome,
  statuses: readonly string[],
  json: boolean,
  io: CommandIo,
): number {
  if (json) {
    const signed = signedResult === null ? {} : { signed_result: signedResult };
    io.stdout(JSON.stringify({ code, reason, statuses, passport, ...signed }) + '\n');
  } else {
    io.stdout(`closed with ${code}${reason === '' ? '' : ` ${reason}`}\n`);
    if (passport !== null) {
      const { passive_authentication, chip_authentication_result, errors } = passport;
      io.stdout(`passive authentication  ${passive_authentication}\n`);
      io.stdout(`chip authentication     ${chip_authentication_result}\n`);
      io.stdout(`active authentication   ${passport.active_authentication_result}\n`);
      for (const error of errors) io.stdout(`error                   ${error}\n`);
    }
  }
  const good = passport === null ||
    (passport.passive_authentication && passport.errors.length === 0);
  return code === 1000 && good ? EXIT.ok : EXIT.negative;
}

function reportFailure(
  { code, message }: DocvalClientError,
  statuses: readonly string[],
  json: boolean,
  io: CommandIo,
): number {
  if (json) io.stdout(JSON.stringify({ code: 0, reason: code, statuses, passport: null }) + '\n');
  else io.stdout(`no result: ${message}\n`);
  return EXIT.environment;
}
