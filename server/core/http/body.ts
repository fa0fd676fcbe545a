/**
 * Reads a request body under limits: refused by Content-Length before a byte is read, by count while
 * it streams, by time, and by the memory all requests together may hold.
 */
import { ServerError } from '../errors.ts';

/** Bytes that all requests together may hold; reservations are counted, nothing is allocated here. */
export class ByteBudget {
  #totalBytes: number;
  #heldBytes = 0;
  #takenBytes = 0;

  constructor(totalBytes: number) {
    this.#totalBytes = totalBytes;
  }

  /** Changes what may be held; what is held already stays. */
  resize(totalBytes: number): void {
    this.#totalBytes = totalBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** All that were ever reserved. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** Reserves `bytes`, or reserves nothing and returns false. */
  take(bytes: number): boolean {
    if (this.#heldBytes + bytes > this.#totalBytes) return false;
    this.#heldBytes += bytes;
    this.#takenBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#heldBytes -= bytes;
  }
}

export interface BodyLimits {
  readonly limitBytes: number;
  readonly timeoutMs: number;
  readonly budget: ByteBudget;
}

export interface HeldBody {
  readonly bytes: Uint8Array;
  /** Overwrites the bytes and gives them back to the budget; call once, when the request is answered. */
  release(): void;
}

/**
 * The whole body. What is left unread after a refusal is discarded by the HTTP server as it arrives,
 * so that the client gets to read its answer.
 * @throws ServerError BODY_TOO_LARGE, BODY_TIMEOUT, BODY_TRUNCATED, or BUSY when the budget is spent.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<HeldBody> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limits.limitBytes) throw tooLarge(limits);
  if (request.body === null) return { bytes: new Uint8Array(0), release() {} };

  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let held = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ServerError('BODY_TIMEOUT', `body did not arrive within ${limits.timeoutMs} ms`),
        ),
      limits.timeoutMs,
    );
  });
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), timeout]);
      if (done) break;
      if (held + value.length > limits.limitBytes) throw tooLarge(limits);
      if (!limits.budget.take(value.length)) {
        throw new ServerError('BUSY', 'memory for request bodies is spent');
      }
      held += value.length;
      chunks.push(value);
    }
    if (held < declared) {
      throw new ServerError('BODY_TRUNCATED', 'connection ended inside the body');
    }
  } catch (error) {
    limits.budget.give(held);
    for (const chunk of chunks) overwrite(chunk);
    reader.cancel().catch(() => {});
    if (error instanceof ServerError) throw error;
    throw new ServerError('BODY_TRUNCATED', 'connection ended inside the body', { cause: error });
  } finally {
    clearTimeout(timer);
  }
  const bytes = join(chunks, held);
  return {
    bytes,
    release() {
      overwrite(bytes);
      limits.budget.give(held);
    },
  };
}

/** What was about a person does not wait for other data to take its place in freed memory. */
function overwrite(bytes: Uint8Array): void {
  // those that went to a worker are its own to overwrite
  if (!(bytes.buffer as ArrayBuffer).detached) bytes.fill(0);
}

function tooLarge(limits: BodyLimits): ServerError {
  return new ServerError('BODY_TOO_LARGE', `body is larger than ${limits.limitBytes} bytes`);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
    overwrite(chunk);
  }
  return bytes;
}
