/** `gatehouse emrtd read`: the whole inspection procedure on a chip behind a TCP line (Doc 9303-11 4.2). */
import { type AccessPassword, canPassword, mrzPassword } from '../../emrtd/access/mod.ts';
import { type DocumentResult, readDocument } from '../../emrtd/reader/mod.ts';
import { connectChip } from '../chip/line.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../command.ts';
import { asJson, print } from './result.ts';
import { readTime } from '../read-time.ts';
import { openTrust, readTrustStore, trustFolder } from '../trust-folder.ts';

export const help =
  `Usage: gatehouse emrtd read --chip tcp:HOST:PORT (--mrz DOC,DOB,DOE | --can N) [options]

Opens a chip, reads its data groups, has it prove that it is no copy, and checks what it gave: the
signature, the chain to a CSCA certificate, and every hash. Exit code 0 when the document is
authentic, complete and no check failed.

  --chip tcp:HOST:PORT  the chip: one APDU per line in hexadecimal, as "gatehouse chip serve" offers it
  --mrz DOC,DOB,DOE     document number, dates of birth and expiry as YYMMDD, from the zone
  --can DIGITS          card access number, printed on some documents
  --trust DIR           the trust folder, or a folder with CSCA certificates; default "trust" in the
                        data folder
  --data DIR            the data folder; default data.folder of the configuration
  --at TIME             judge as of this time (2024-06-01) instead of now
  --short               short APDUs only
  --skip-images         leave out portrait and signature
  --require-crl         without a usable CRL the chain is not valid
  --json                one JSON object instead of text, with the images
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    'chip': TEXT,
    'mrz': TEXT,
    'can': TEXT,
    'trust': TEXT,
    'data': TEXT,
    'at': TEXT,
    'short': FLAG,
    'skip-images': FLAG,
    'require-crl': FLAG,
    'json': FLAG,
  }, 0);
  const { host, port } = address(values.chip);
  const password = passwordOf(values.mrz, values.can);
  const at = readTime(values.at);
  const folder = trustFolder(values);
  const trust = values.trust === undefined
    ? await readTrustStore(folder)
    : await openTrust(folder, at);
  const chip = await connectChip(host, port);
  let result: DocumentResult;
  try {
    result = await readDocument({
      transceiver: chip,
      password,
      trust,
      clock: values.at === undefined ? () => new Date() : () => at,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      extendedLength: !values.short,
      skipImages: values['skip-images'],
      revocation: values['require-crl'] ? 'required' : 'when-available',
      onEvent: (event) => {
        if (!values.json && event.type === 'started') io.stderr(`${event.step}\n`);
      },
    });
  } finally {
    chip.close();
  }
  if (values.json) io.stdout(JSON.stringify(asJson(result)) + '\n');
  else print(result, io);
  return isGood(result) ? EXIT.ok : EXIT.negative;
}

function isGood({ passiveAuthentication, complete, checks }: DocumentResult): boolean {
  const failed = checks.some(({ status }) => status === 'failed');
  return passiveAuthentication.authentic && complete && !failed;
}

function address(chip: string | undefined): { host: string; port: number } {
  const match = /^tcp:(.+):(\d{1,5})$/.exec(chip ?? '');
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65535) {
    throw new UsageError('emrtd read needs --chip tcp:HOST:PORT');
  }
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

function passwordOf(mrz: string | undefined, can: string | undefined): AccessPassword {
  if ((mrz === undefined) === (can === undefined)) {
    throw new UsageError('emrtd read needs --mrz DOC,DOB,DOE or --can DIGITS');
  }
  if (can !== undefined) return canPassword(can);
  const fields = (mrz ?? '').split(',');
  if (fields.length !== 3) {
    throw new UsageError('--mrz: document number, date of birth and date of expiry, with commas');
  }
  const [documentNumber, dateOfBirth, dateOfExpiry] = fields;
  return mrzPassword({ documentNumber, dateOfBirth, dateOfExpiry });
}
