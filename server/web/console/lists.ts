/** Clients, API keys and settings: plain tables. */
import type {
  ClientAnswer,
  KeyAnswer,
  KeyState,
  SettingAnswer,
  SettingsAnswer,
} from '../../console/answer.ts';
import { element, make } from '../home/dom.ts';
import { day } from './format.ts';
import { renew } from './renew.ts';
import { strings } from './strings.ts';
import { type Column, tableOf } from './table.ts';

const { column, all, none } = strings;

const listed = (values: readonly string[]) => values.length === 0 ? all : values.join(', ');

const CLIENTS: readonly Column<ClientAnswer>[] = [
  { title: column.client, text: ({ name }) => name, kind: 'word' },
  {
    title: column.result,
    text: ({ returnResult }) => returnResult ? strings.yes : strings.no,
    kind: 'word',
  },
  { title: column.resultServer, text: ({ resultServer }) => resultServer ?? none, kind: 'code' },
  { title: column.documents, text: ({ documentTypes }) => listed(documentTypes), kind: 'word' },
  { title: column.states, text: ({ issuingStates }) => listed(issuingStates), kind: 'word' },
];

const MARKS: Readonly<Record<KeyState, string>> = {
  'valid': 'good',
  'within-30-days': 'fair',
  'expired': 'bad',
  'revoked': '',
};

const KEYS: readonly Column<KeyAnswer>[] = [
  { title: column.client, text: ({ name }) => name, kind: 'word' },
  { title: column.key, text: ({ id }) => id, kind: 'code' },
  {
    title: column.state,
    text: ({ state }) => strings.keyState[state],
    kind: 'word',
    mark: ({ state }) => MARKS[state],
  },
  {
    title: column.expires,
    text: ({ expires }) => expires === null ? strings.noEnd : day(expires),
    kind: 'time',
  },
  { title: column.created, text: ({ created }) => day(created), kind: 'time' },
  { title: column.rate, text: ({ rate }) => rate ?? strings.noRate, kind: 'word' },
  { title: column.scopes, text: ({ scopes }) => scopes.join(', '), kind: 'word' },
];

const SETTINGS: readonly Column<SettingAnswer>[] = [
  { title: column.setting, text: ({ key }) => key, kind: 'code' },
  { title: column.value, text: ({ value }) => value, kind: 'code' },
  { title: column.from, text: ({ from }) => from, kind: 'word' },
];

export function showClients(clients: readonly ClientAnswer[]): void {
  renew(
    element('clients-table', HTMLElement),
    clients.length === 0
      ? make('p', 'note', strings.noClients)
      : tableOf(strings.page.docvalClients, CLIENTS, clients),
  );
}

export function showKeys(keys: readonly KeyAnswer[]): void {
  renew(
    element('keys-table', HTMLElement),
    keys.length === 0
      ? make('p', 'note', strings.noKeys)
      : tableOf(strings.page.apiKeys, KEYS, keys),
  );
}

export function showSettings({ file, settings }: SettingsAnswer): void {
  element('settings-file', HTMLElement).textContent = file === null
    ? strings.noSettingsFile
    : strings.settingsFile(file);
  renew(
    element('settings-table', HTMLElement),
    tableOf(strings.page.settings, SETTINGS, settings),
  );
}
