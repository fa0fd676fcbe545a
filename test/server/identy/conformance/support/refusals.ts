/** Rows of errors: code, HTTP status and message as table 9 of the documentation has them. */
import { expect } from 'bun:test';
import { isRefid, type Row, type Send } from './rows.ts';

/** Code and HTTP status by name: table 9, and below the line what it does not have. */
export const ERRORS = {
  ERROR_REQUEST_EXPIRED: [604, 500],
  ERROR_SERVER_INTERNAL: [500, 500],
  ERROR_INVALID_JSON: [501, 400],
  FEEDBACK_RETRY: [401, 400],
  FEEDBACK_MATCHING_ERROR: [500, 500],
  ERROR_INVALID_IMAGE: [503, 400],
  ERROR_INVALID_FORMAT: [504, 400],
  ERROR_INVALID_MATCH_LEVEL: [505, 400],
  ERROR_INVALID_AS_LEVEL: [506, 400],
  NO_TEMPLATES_SPECIFIED: [507, 400],
  ERROR_WRONG_RESOLUTION: [901, 400],
  // -----
  FEEDBACK_RETRY_INSECURE: [408, 400],
  ERROR_MULTIPLE_FACES: [509, 400],
  ERROR_POOR_ICAO_QUALITY: [510, 400],
  ERROR_DECRYPTION_FAILED: [601, 400],
} as const;

export interface Refusal {
  readonly name: keyof typeof ERRORS;
  /** Message that the documentation quotes. */
  readonly quotes?: string;
  /** The whole message where it is not the quoted one alone. */
  readonly message?: string;
  readonly shows: string;
  readonly send: Send;
  readonly remark?: string;
}

/** @param action as the refid of the endpoint has it */
export function refusal(
  action: string,
  { name, quotes, message = quotes, shows, send, remark }: Refusal,
): Row {
  const [code, http] = ERRORS[name];
  return {
    row: `${code} ${name}${quotes === undefined ? '' : ` "${quotes}"`}`,
    shows,
    remark,
    check: async (site) => {
      const response = await send(site);
      const { refid, ...answer } = await response.json();
      expect(answer).toEqual({ code, feedbackCode: name, message });
      expect(response.status).toBe(http);
      isRefid(action)(refid);
    },
  };
}

/** The row of a parameter that every request must have. */
export function mandatory(action: string, parameter: string, send: Send): Row {
  return {
    row: parameter,
    shows: 'mandatory: 501 ERROR_INVALID_JSON without it',
    check: async (site) => {
      const response = await send(site);
      expect(response.status).toBe(400);
      const { code, feedbackCode, message, refid } = await response.json();
      expect([code, feedbackCode]).toEqual([501, 'ERROR_INVALID_JSON']);
      expect(message).toContain(`(/${parameter.replaceAll('.', '/')}) is missing`);
      isRefid(action)(refid);
    },
  };
}
