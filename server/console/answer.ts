/** The answers of the console's own API, as its page reads them. Times are ISO 8601 in UTC, rates per second. */

/** Parts that an installation may lack. */
type Panel = 'settings';

/** One step of the history; null where nothing was asked. */
export interface PointAnswer {
  readonly at: string;
  readonly perSecond: number;
  readonly failedPerSecond: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly queued: number;
  readonly busy: number;
}

export interface EndpointAnswer {
  readonly family: string;
  readonly endpoint: string;
  /** In the time of the history. */
  readonly requests: number;
  /** With a status of 400 to 499. */
  readonly refused: number;
  /** With a status of 500 and above. */
  readonly failed: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** What there can be outcomes of. */
export type OutcomeKind = 'match' | 'liveness' | 'document' | 'chip-session' | 'identy';

export interface OutcomeAnswer {
  readonly name: string;
  /** In the time of the history. */
  readonly recent: number;
  readonly sinceStart: number;
}

export interface OverviewAnswer {
  readonly version: string;
  readonly startedAt: string;
  readonly now: string;
  /** Seconds that the history reaches back. */
  readonly windowS: number;
  readonly panels: readonly Panel[];
  readonly engine: {
    readonly ready: boolean;
    readonly idle: number;
    readonly busy: number;
    readonly writtenOff: number;
    readonly restarts: number;
  };
  /** Over the last seconds. */
  readonly current: PointAnswer;
  /** Oldest first. */
  readonly history: readonly PointAnswer[];
  readonly endpoints: readonly EndpointAnswer[];
  readonly outcomes: Readonly<Record<OutcomeKind, readonly OutcomeAnswer[]>>;
  readonly livenessScores: {
    /** Upper ends of the classes, 0..1. */
    readonly bounds: readonly number[];
    readonly recent: readonly number[];
    readonly sinceStart: readonly number[];
  };
}

/** Where a certificate is in its life; days are counted from now. */
export type Validity = 'not-yet-valid' | 'valid' | 'within-90-days' | 'within-30-days' | 'expired';

export interface CertificateAnswer {
  readonly kind: 'csca' | 'document-signer';
  /** Two letters, or empty. */
  readonly country: string;
  readonly subject: string;
  readonly serial: string;
  /** SHA-256, hex. */
  readonly fingerprint: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly validity: Validity;
}

export interface CrlAnswer {
  readonly country: string;
  readonly issuer: string;
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
  readonly ageDays: number;
  /** Its next update should have come. */
  readonly due: boolean;
  readonly revoked: number;
}

export interface TrustAnswer {
  /** False when the file on disk is not the store in force. */
  readonly readable: boolean;
  readonly deviationLists: number;
  /** By country and end. */
  readonly certificates: readonly CertificateAnswer[];
  readonly crls: readonly CrlAnswer[];
}

export interface ModelsAnswer {
  readonly pack: {
    readonly name: string;
    readonly version: string;
    readonly description: string;
    readonly id: string;
    readonly signed: boolean;
  };
  readonly networks: readonly {
    readonly id: string;
    readonly title: string;
    readonly task: string;
    readonly precision: string;
    readonly input: string;
    readonly origin: string;
    readonly licence: string;
  }[];
  readonly matching: {
    readonly data: string;
    readonly identities: number;
    readonly impostorPairs: number;
    readonly points: readonly {
      readonly fmr: number;
      readonly fnmr: number;
      readonly threshold: number;
      readonly extrapolated: boolean;
    }[];
  };
  readonly liveness: {
    readonly evidence: 'synthetic' | 'real';
    readonly data: string;
    readonly levels: readonly {
      readonly level: string;
      readonly supported: boolean;
      readonly reason: string;
      readonly targetApcer: number;
      readonly bpcer: number;
    }[];
  } | null;
  readonly quality: boolean;
  readonly cards: readonly { readonly name: string; readonly text: string }[];
}

/** A client of DocVal without what it keeps secret. */
export interface ClientAnswer {
  readonly name: string;
  readonly returnResult: boolean;
  /** Origin of its result server. */
  readonly resultServer: string | null;
  readonly documentTypes: readonly string[];
  readonly issuingStates: readonly string[];
}

/** Where an API key is in its life; days are counted from now. */
export type KeyState = 'valid' | 'within-30-days' | 'expired' | 'revoked';

/** An API key without what lets anybody in. */
export interface KeyAnswer {
  /** What `gatehouse key revoke` takes. */
  readonly id: string;
  /** Of the client. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** As it is written, such as `50/s`; null for any. */
  readonly rate: string | null;
  readonly created: string;
  /** Null for never. */
  readonly expires: string | null;
  readonly state: KeyState;
}

export interface SettingAnswer {
  readonly key: string;
  /** In one line; of a secret whether it is set. */
  readonly value: string;
  readonly from: string;
}

export interface SettingsAnswer {
  readonly file: string | null;
  readonly settings: readonly SettingAnswer[];
}

export interface LicenceAnswer {
  /** One of the words of docs/licence.md. */
  readonly status: string;
  readonly reason: string;
  /** When a status that time ends has its end. */
  readonly until: string | null;
  /** Whether requests are answered. */
  readonly answers: boolean;
  /** Null on evaluation. */
  readonly licence: {
    readonly id: string;
    readonly customer: string;
    readonly issuer: string;
    readonly from: string;
    readonly to: string;
    readonly graceDays: number;
    readonly domains: readonly string[];
    readonly features: readonly string[];
    readonly volume: {
      readonly transactions: number;
      readonly per: 'licence' | 'month' | 'year';
      readonly overage: 'refuse' | 'allow';
    } | null;
  } | null;
  /** Transactions of the current period. */
  readonly used: number;
  /** Whether what has to be recorded can be. */
  readonly writable: boolean;
}

export interface AuditRecordAnswer {
  readonly seq: number;
  readonly time: string;
  readonly kind: string;
  readonly actor: string;
  /** The rest of the event as JSON. */
  readonly details: string;
}

export interface AuditAnswer {
  /** Newest first. */
  readonly records: readonly AuditRecordAnswer[];
  /** Where to go on looking, as `before`; null when everything was looked at. */
  readonly next: number | null;
}

export interface SessionEntryAnswer {
  /** Names it; nothing that lets anybody in. */
  readonly id: string;
  /** Whether it is the one that asks. */
  readonly current: boolean;
  readonly begun: string;
  /** Within half a minute. */
  readonly used: string;
  readonly by: 'password' | 'passkey';
  /** Where the login came from; null when it was not known. */
  readonly address: string | null;
}

/** Of the administrator who asks. */
export interface SessionsAnswer {
  /** The newest first. */
  readonly sessions: readonly SessionEntryAnswer[];
}

/** Whether and how one may log in with a passkey. */
export interface PasskeyOfferAnswer {
  /** Null where there are no passkeys. */
  readonly passkey: {
    /** The one that passkeys are for; a page at another has none. */
    readonly origin: string;
    readonly rpId: string;
    /** base64url. */
    readonly challenge: string;
    /** Milliseconds that the challenge is good for. */
    readonly timeoutMs: number;
  } | null;
}

export interface PasskeyAnswer {
  /** base64url. */
  readonly id: string;
  readonly name: string;
  readonly created: string;
  /** When somebody last logged in with it; null for never. */
  readonly used: string | null;
  /** Whether there are copies on other devices. */
  readonly synced: boolean;
}

/** Of the administrator who asks. */
export interface PasskeysAnswer {
  /** The origin that passkeys are for; null where there are none. */
  readonly origin: string | null;
  /** The oldest first. */
  readonly passkeys: readonly PasskeyAnswer[];
}

/** What the browser is asked to make a passkey of. */
export interface NewPasskeyAnswer {
  readonly rpId: string;
  readonly challenge: string;
  readonly timeoutMs: number;
  readonly userHandle: string;
  readonly userName: string;
  /** COSE algorithm identifiers, the best first. */
  readonly algorithms: readonly number[];
  /** Identifiers of the passkeys that there are. */
  readonly exclude: readonly string[];
}
