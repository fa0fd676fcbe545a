/** What the console shows, each view by its name in the path: read-only, and only for who has logged in. */
import type { TrustStore } from '../../emrtd/mod.ts';
import type { Pack } from '../../models/mod.ts';
import type { KeyStore } from '../core/access/key-store.ts';
import type { FaceEngineInfo } from '../core/face/engine.ts';
import type { PoolStatus } from '../core/inference/pool.ts';
import type { Licensing } from '../core/licence/licensing.ts';
import { VERSION } from '../core/version.ts';
import type {
  AuditAnswer,
  ClientAnswer,
  KeyAnswer,
  LicenceAnswer,
  ModelsAnswer,
  OverviewAnswer,
  SettingsAnswer,
  TrustAnswer,
} from './answer.ts';
import { AuditQuerySchema, searchAudit } from './audit.ts';
import { ConsoleError } from './errors.ts';
import { type History, WINDOW_S } from './history.ts';
import { keysAnswer } from './keys.ts';
import { licenceAnswer } from './licence.ts';
import { modelsAnswer } from './models.ts';
import { overviewOf } from './overview.ts';
import { trustAnswer } from './trust.ts';

export interface ViewDeps {
  readonly history: Pick<History, 'upToNow'>;
  readonly faces: {
    readonly ready: boolean;
    readonly info?: FaceEngineInfo | undefined;
    readonly pack?: Pack | undefined;
  };
  readonly pool: () => PoolStatus;
  readonly trust: { current(): Promise<TrustStore>; readable?(): Promise<boolean> };
  readonly licensing: Pick<Licensing, 'standing' | 'terms' | 'writable' | 'records'>;
  readonly clients: () => readonly ClientAnswer[];
  readonly keys: Pick<KeyStore, 'list'>;
  /** What `config show` says of the server; absent where it was not started from a configuration. */
  readonly settings?: (() => SettingsAnswer) | undefined;
  readonly now: () => Date;
}

/** The answers by the names of the views. */
interface Views {
  readonly overview: OverviewAnswer;
  readonly trust: TrustAnswer;
  readonly models: ModelsAnswer;
  readonly licence: LicenceAnswer;
  readonly audit: AuditAnswer;
  readonly clients: readonly ClientAnswer[];
  readonly keys: readonly KeyAnswer[];
  readonly settings: SettingsAnswer;
}

type Query = Readonly<Record<string, string>>;

type View = readonly [
  name: keyof Views,
  answer: (query: Query) => Views[keyof Views] | Promise<Views[keyof Views]>,
];

/** Every view there is, with what answers it; that throws ConsoleError and ServerError. */
export function viewsOf(deps: ViewDeps): readonly View[] {
  const { trust, licensing, clients, keys, settings, now } = deps;
  const trustView = async () =>
    trustAnswer(await trust.current(), await trust.readable?.() ?? true, now());
  const views: View[] = [
    ['overview', () => overview(deps)],
    ['trust', trustView],
    ['models', () => models(deps)],
    ['licence', () => licenceAnswer(licensing)],
    ['audit', (query) => audit(deps, query)],
    ['clients', clients],
    ['keys', async () => keysAnswer(await keys.list(), now())],
  ];
  return settings === undefined ? views : [...views, ['settings', settings]];
}

async function overview({ pool, faces, settings, history }: ViewDeps): Promise<OverviewAnswer> {
  const { live, busy, writtenOff, restarts } = pool();
  return {
    version: VERSION,
    startedAt: new Date(performance.timeOrigin).toISOString(),
    now: new Date().toISOString(),
    windowS: WINDOW_S,
    panels: settings === undefined ? [] : ['settings'],
    engine: { ready: faces.ready, idle: live - busy, busy, writtenOff, restarts },
    ...overviewOf(await history.upToNow()),
  };
}

function models({ faces: { info, pack } }: ViewDeps): Promise<ModelsAnswer> {
  if (info === undefined || pack === undefined) {
    throw new ConsoleError('BUSY', 'The networks are not loaded');
  }
  return modelsAnswer(pack, info);
}

async function audit({ licensing }: ViewDeps, query: Query): Promise<AuditAnswer> {
  const parsed = AuditQuerySchema.safeParse(query);
  if (!parsed.success) {
    throw new ConsoleError(
      'INVALID_REQUEST',
      'text has at most 200 characters, before is a number',
    );
  }
  return await searchAudit(licensing.records.store, parsed.data);
}
