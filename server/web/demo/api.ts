/** The three requests of the page, as an integrator's page would send them. */

/** What the page reads of the answers; the server may say more. */
export interface Answer {
  readonly code: number;
  readonly message?: string;
  readonly feedbackCode?: string;
  readonly data?: {
    readonly image?: string;
    readonly as_highest_security_level_reached?: string | null;
    readonly quality?: Readonly<Record<string, unknown>>;
    readonly templates?: Readonly<Record<string, string>>;
  };
  readonly icao_data?: Readonly<Record<string, unknown>> & {
    readonly templates?: Readonly<Record<string, string>>;
  };
  readonly similarityScore?: number;
  readonly possibleMatch?: boolean;
  readonly matchHighestSecurityLevelReached?: string;
}

const HEADERS = { LogAPITrigger: 'true' };

/** Rejects when the server cannot be reached or says something else than JSON. */
export function process(capture: Blob): Promise<Answer> {
  const form = new FormData();
  form.append('file', capture, 'bdata');
  return post('/api/v1/process', { body: form, headers: HEADERS });
}

export async function verify(capture: Blob, document: File, level: string): Promise<Answer> {
  const form = new FormData();
  form.append('file', capture, 'bdata');
  form.append('picID', await base64(document));
  form.append('template', formatOf(document));
  form.append('level', level);
  return post('/api/v1/verifyWithPictureId', { body: form, headers: HEADERS });
}

/** @param selfie JPEG, Base64, as a template of `process` */
export async function match(selfie: string, document: File, level: string): Promise<Answer> {
  const body = JSON.stringify({
    image: { template: selfie, format: 'JPEG' },
    imageToVerifyAgainst: { template: await base64(document), format: formatOf(document) },
    level,
  });
  const headers = { ...HEADERS, 'Content-Type': 'application/json' };
  return post('/api/v1/matchWithPictureId', { body, headers });
}

async function post(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(path, { method: 'POST', ...init });
  return await response.json();
}

function formatOf({ type }: File): string {
  return type === 'image/png' ? 'PNG' : 'JPEG';
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
