/** `[access]`: who may come in. */
import { z } from 'zod';
import { relyingPartyOf } from '../../webauthn/relying-party.ts';
import { readNetwork } from '../../access/addresses.ts';
import { type Exposure, openAccessFault } from '../../access/exposure.ts';
import { KEY_MODES } from '../../access/guard.ts';
import { SCOPE_NAMES } from '../../access/scopes.ts';
import { choice, type Kind, list, optional } from '../kinds.ts';
import { setting, type Values } from '../setting.ts';

const network: Kind<string, string> = {
  words: 'an address or a network',
  schema: z.string().max(64).refine((text) => readNetwork(text) !== undefined),
};

const passkeyOrigin: Kind<string, string> = {
  words:
    'https://NAME[:PORT] with the name of a host, which an address is not, or http://localhost[:PORT]',
  schema: z.string().max(300).refine((text) => relyingPartyOf(text) !== undefined),
};

export const ACCESS = {
  apiKeys: setting({
    path: 'access.api_keys',
    kind: choice(KEY_MODES),
    default: 'auto',
    variables: ['GATEHOUSE_API_KEYS'],
    reload: true,
    about:
      'Who needs an API key: "required" everybody, "optional" nobody, although a key that is shown has to be right. "auto" is "required" where other machines can connect or a key was ever made, and else "optional".',
    beside: (_, values) => openAccessFault(values as Values & Exposure),
  }),
  openScopes: setting({
    path: 'access.open',
    kind: list(`a list of scopes, each ${SCOPE_NAMES.join(', ')}`, choice(SCOPE_NAMES), 100),
    default: [],
    variables: ['GATEHOUSE_OPEN_SCOPES'],
    example: '["liveness", "templates"]',
    reload: true,
    about: 'Scopes whose endpoints need no API key, whatever access.api_keys says.',
  }),
  trustedProxies: setting({
    path: 'access.trusted_proxies',
    kind: list('a list of addresses or networks', network, 1000),
    default: [],
    variables: ['GATEHOUSE_TRUSTED_PROXIES'],
    example: '["10.0.0.0/8", "::1"]',
    reload: true,
    about:
      'Proxies whose X-Forwarded-For is believed when sources of many wrong secrets are locked out.',
  }),
  passkeyOrigin: setting({
    path: 'access.passkey_origin',
    kind: optional(passkeyOrigin),
    default: undefined,
    variables: ['GATEHOUSE_PASSKEY_ORIGIN'],
    example: '"https://gatehouse.example"',
    reload: true,
    about:
      'Where browsers find the console, as their address bar says it: administrators may log in with passkeys there, and nowhere else. Passkeys are bound to the name of the host, so those that were added under another are of no use. Without it they may do so at localhost where only this machine can connect to the server, and nowhere else.',
  }),
};
