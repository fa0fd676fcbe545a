/** The HTTP endpoint of DocVal, as `/openapi.json` and `/docs` describe it. */
import { z } from 'zod';
import { type Answer, API_KEY, type OperationGroup } from '../core/api/operation.ts';
import { PassiveAnswer, passiveError } from './answers.ts';
import { PASSIVE_ERRORS } from './passive-errors.ts';

const DATA_GROUPS = Object.fromEntries(
  Array.from({ length: 16 }, (_, i) => [`dg${i + 1}`, z.file().optional()]),
);

const PassiveForm = z.object({
  client_id: z.string().describe('Of the client, as it is configured.'),
  validation_id: z.string().max(256).optional().describe("The client's own name of this check."),
  signed_result: z.enum(['true', 'false']).default('false')
    .describe('Whether the result is wanted once more, signed.'),
  sod: z.file().describe('EF.SOD as the chip has it.'),
  ...DATA_GROUPS,
}).meta({ id: 'PassiveForm' });

function errors(): Answer[] {
  const byStatus = Map.groupBy(Object.entries(PASSIVE_ERRORS), ([, { http }]) => http);
  return [...byStatus].toSorted(([a], [b]) => a - b).map(([status, errors]) => ({
    status,
    description: errors.map(([code, { means }]) => `\`${code}\`: ${means}.`).join('\n\n'),
    contents: [{
      mediaType: 'application/json',
      schema: passiveError(errors.map(([code]) => code)),
    }],
  }));
}

export const docvalOperations: OperationGroup = {
  name: 'DocVal',
  description: 'Passport chips. Chips that a phone relays are verified over the WebSockets ' +
    '`/ws1/validate` and `/ws2/validate`, which OpenAPI has no words for.',
  operations: [{
    id: 'passiveAuthentication',
    method: 'post',
    path: '/v4/validate',
    summary: 'Verify files that were read from a chip',
    description: 'Passive authentication alone (ICAO 9303-11, 5.1): it says whether the data is ' +
      'genuine, not whether the chip is.',
    headers: [API_KEY],
    takes: [{ mediaType: 'multipart/form-data', schema: PassiveForm }],
    gives: [
      {
        status: 200,
        description: 'The files were judged; `passive_authentication` is the verdict.',
        contents: [{ mediaType: 'application/json', schema: PassiveAnswer }],
      },
      ...errors(),
    ],
  }],
};
