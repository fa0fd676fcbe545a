/** What an endpoint takes and gives, said once: `/openapi.json`, the pages at `/docs` and tests are made of it. */
import type { z } from 'zod';

export interface Operation {
  /** Unique, for clients that are generated. */
  readonly id: string;
  readonly method: 'get' | 'post';
  readonly path: string;
  /** One line. */
  readonly summary: string;
  /** Paragraphs of plain text, with `code` between back quotes. */
  readonly description: string;
  readonly headers?: readonly Header[];
  /** Bodies that it takes, one of them; empty where a body is not read. */
  readonly takes: readonly Content[];
  readonly gives: readonly Answer[];
}

/** A header that a request may have. */
export interface Header {
  readonly name: string;
  readonly description: string;
}

/** How a caller shows who it is; RFC 6750 is the other way. */
export const API_KEY: Header = {
  name: 'X-API-Key',
  description: 'API key, where the server wants one. `Authorization: Bearer` does as well.',
};

export interface Content {
  readonly mediaType: string;
  readonly schema: z.ZodType;
  readonly example?: unknown;
}

export interface Answer {
  /** HTTP status. */
  readonly status: number;
  readonly description: string;
  readonly contents: readonly Content[];
}

/** Endpoints that belong together: one API family. */
export interface OperationGroup {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}
