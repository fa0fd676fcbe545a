/** The console: one section at a time, chosen by the fragment of the address; the live one every two seconds. */
import type {
  AuditAnswer,
  ClientAnswer,
  KeyAnswer,
  LicenceAnswer,
  ModelsAnswer,
  OverviewAnswer,
  PasskeysAnswer,
  SessionsAnswer,
  SettingsAnswer,
  TrustAnswer,
} from '../../console/answer.ts';
import { element, say } from '../home/dom.ts';
import { showSessions, watchAccount } from './account.ts';
import { ask, NO_ANSWER } from './api.ts';
import { auditQuery, showAudit } from './audit.ts';
import { moment } from './format.ts';
import { showLicence } from './licence.ts';
import { showClients, showKeys, showSettings } from './lists.ts';
import { showHistory, showLive } from './live.ts';
import { showModels } from './models.ts';
import { canUsePasskeys, logInWithPasskey, offerPasskeys } from './passkey-login.ts';
import { showPasskeys, watchPasskeys } from './passkeys.ts';
import { askSession, logIn, logOut, watchUse } from './session.ts';
import { strings } from './strings.ts';
import { showCertificates, showTrust } from './trust.ts';

const POLL_MS = 2000;

const SECTIONS = [
  'live',
  'trust',
  'models',
  'licence',
  'audit',
  'clients',
  'settings',
  'account',
  'passkeys',
] as const;
type SectionName = typeof SECTIONS[number];

const problem = element('problem', HTMLElement);
const pause = element('pause', HTMLButtonElement);
let latest: OverviewAnswer | undefined;
let paused = false;
let inside = false;
/** Counts entries, so that the updates of one that is over end. */
let entries = 0;

function currentSection(): SectionName {
  const wanted = location.hash.slice(1);
  return SECTIONS.find((name) => name === wanted) ?? 'live';
}

/** Says what is wrong, once: the same words again would be read out again. */
function complain(text: string | undefined): void {
  if ((problem.hidden ? undefined : problem.textContent) !== text) say(problem, text);
}

function complainOf(status: number): void {
  if (status === NO_ANSWER) complain(strings.problem.lost);
  else if (status === 401) leave(inside ? strings.problem.ended : undefined);
  else if (status === 404) leave(strings.problem.noAdmins, false);
  else complain(strings.problem.failed(status));
}

/** Shows the console to who has logged in. */
function enter(): void {
  inside = true;
  complain(undefined);
  element('login', HTMLFormElement).hidden = true;
  for (const id of ['tools', 'index']) element(id, HTMLElement).hidden = false;
  element('passkeys-link', HTMLElement).hidden = !canUsePasskeys();
  void poll(++entries);
  void open();
}

/**
 * Takes away all that was shown.
 * @param reason why, in words
 * @param again whether one can log in
 */
function leave(reason: string | undefined, again = true): void {
  inside = false;
  latest = undefined;
  element('about', HTMLElement).textContent = '';
  for (const id of ['tools', 'index', ...SECTIONS]) element(id, HTMLElement).hidden = true;
  for (const shown of document.querySelectorAll('section :is(table, dl, svg, .entries li)')) {
    shown.remove();
  }
  for (const form of document.querySelectorAll<HTMLFormElement>('section form.login')) form.reset();
  element('confirm', HTMLDialogElement).close('');
  document.title = strings.loginTitle;
  element('login', HTMLFormElement).hidden = !again;
  if (again) element('name', HTMLInputElement).focus();
  complain(reason);
}

async function poll(entry: number): Promise<void> {
  const over = () => !inside || entry !== entries;
  if (over()) return;
  if (!paused && !document.hidden) {
    const outcome = await ask<OverviewAnswer>('overview');
    if (over()) return;
    // whoever paused while the answer was on its way wants no change any more
    if (outcome.ok && !paused) showOverview(outcome.answer);
    if (!outcome.ok) complainOf(outcome.status);
  }
  setTimeout(() => void poll(entry), POLL_MS);
}

function showOverview(overview: OverviewAnswer): void {
  latest = overview;
  const { version, startedAt, now, engine, panels } = overview;
  element('about', HTMLElement).textContent = strings.about(
    version,
    moment(startedAt),
    moment(now),
  );
  element('settings-link', HTMLElement).hidden = !panels.includes('settings');
  complain(engineProblem(engine));
  if (currentSection() === 'live') showLive(overview);
}

function engineProblem({ ready, writtenOff }: OverviewAnswer['engine']): string | undefined {
  if (!ready) return strings.problem.notReady;
  return writtenOff > 0 ? strings.problem.writtenOff(writtenOff) : undefined;
}

/** Asks for what a section shows, and shows it. */
const LOAD: Readonly<Record<SectionName, () => Promise<void>>> = {
  live: async () => {
    if (latest !== undefined) showLive(latest);
  },
  trust: () => load<TrustAnswer>('trust', showTrust),
  models: async () => {
    const outcome = await ask<ModelsAnswer>('models');
    if (outcome.ok || outcome.status === 503) showModels(outcome.ok ? outcome.answer : undefined);
    else complainOf(outcome.status);
  },
  licence: () => load<LicenceAnswer>('licence', showLicence),
  audit: () => searchAudit(false),
  clients: async () => {
    await load<KeyAnswer[]>('keys', showKeys);
    if (inside) await load<ClientAnswer[]>('clients', showClients);
  },
  settings: () => load<SettingsAnswer>('settings', showSettings),
  account: () => load<SessionsAnswer>('sessions', showSessions),
  passkeys: () => load<PasskeysAnswer>('passkeys', showPasskeys),
};

async function load<T>(name: string, show: (answer: T) => void): Promise<void> {
  const outcome = await ask<T>(name);
  if (outcome.ok) show(outcome.answer);
  else complainOf(outcome.status);
}

function searchAudit(older: boolean): Promise<void> {
  return load<AuditAnswer>(auditQuery(older), (answer) => showAudit(answer, older));
}

async function open(): Promise<void> {
  const current = currentSection();
  for (const name of SECTIONS) {
    element(name, HTMLElement).hidden = name !== current;
    const link = document.querySelector(`.index a[href="#${name}"]`);
    if (name === current) link?.setAttribute('aria-current', 'page');
    else link?.removeAttribute('aria-current');
  }
  document.title = strings.title(strings.page[current]);
  await LOAD[current]();
}

addEventListener('hashchange', () => {
  if (!inside) return;
  void open();
  // where reading goes on
  element(`${currentSection()}-title`, HTMLElement).focus({ preventScroll: true });
  scrollTo({ top: 0 });
});
pause.addEventListener('click', () => {
  paused = !paused;
  pause.setAttribute('aria-pressed', String(paused));
});
element('history', HTMLDetailsElement).addEventListener('toggle', () => {
  if (latest !== undefined) showHistory(latest);
});
element('scores-details', HTMLDetailsElement).addEventListener('toggle', () => {
  if (latest !== undefined) showLive(latest);
});
element('filters', HTMLFormElement).addEventListener('change', showCertificates);
element('audit-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void searchAudit(false);
});
element('audit-older', HTMLButtonElement).addEventListener('click', () => void searchAudit(true));
element('filters', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());

/** @param reason why one is not in, if so */
function afterLogin(reason: string | undefined): void {
  if (reason === undefined) {
    enter();
    element(`${currentSection()}-title`, HTMLElement).focus();
  } else complain(reason);
}

element('login', HTMLFormElement).addEventListener('submit', async (event) => {
  event.preventDefault();
  afterLogin(await logIn());
});
element('passkey-login', HTMLButtonElement).addEventListener('click', async () => {
  afterLogin(await logInWithPasskey());
});
watchAccount(() => complainOf(401));
watchPasskeys(() => complainOf(401));
element('logout', HTMLButtonElement).addEventListener('click', async () => {
  await logOut();
  // nothing of what was shown stays in the page
  location.reload();
});
watchUse(() => inside);

const status = await askSession();
if (status === 200 || status === 401) await offerPasskeys();
if (status === 200) enter();
else complainOf(status);
