/** `[tls]`: certificate and key of the port, what clients have to show, and the port that leads to it. */
import { CLIENT_CERTIFICATES, TLS_VERSIONS } from '../../tls/front.ts';
import { choice, integer, optional, path } from '../kinds.ts';
import { setting, type Values } from '../setting.ts';

/** What is wrong with a setting that only counts with TLS. */
function withoutTls(value: unknown, { tlsCert }: Values): string | undefined {
  return value !== undefined && tlsCert === undefined ? 'needs tls.cert and tls.key' : undefined;
}

export const TLS = {
  tlsCert: setting({
    path: 'tls.cert',
    kind: optional(path('the path of a PEM file')),
    default: undefined,
    variables: ['GATEHOUSE_TLS_CERT'],
    example: '"/etc/gatehouse/tls.crt"',
    about:
      'Certificate of the server and those between it and its authority. With it the port speaks TLS. A file that changes is in force within about four seconds.',
    beside: (cert, { tlsKey }) =>
      cert === undefined && tlsKey !== undefined ? 'needed because tls.key is set' : undefined,
  }),
  tlsKey: setting({
    path: 'tls.key',
    kind: optional(path('the path of a PEM file')),
    default: undefined,
    variables: ['GATEHOUSE_TLS_KEY'],
    example: '"/etc/gatehouse/tls.key"',
    about:
      'Private key of the certificate. The file must be closed to others (mode 0600); the key may be encrypted under keys.passphrase.',
    beside: (key, { tlsCert }) =>
      key === undefined && tlsCert !== undefined ? 'needed because tls.cert is set' : undefined,
  }),
  tlsMinVersion: setting({
    path: 'tls.min_version',
    kind: choice(TLS_VERSIONS),
    default: '1.2',
    variables: ['GATEHOUSE_TLS_MIN_VERSION'],
    about: 'Oldest version of TLS that is spoken.',
  }),
  tlsClientCa: setting({
    path: 'tls.client_ca',
    kind: optional(path('the path of a PEM file')),
    default: undefined,
    variables: ['GATEHOUSE_TLS_CLIENT_CA'],
    example: '"/etc/gatehouse/clients.pem"',
    about:
      'Authorities of client certificates. A client with one of theirs needs no API key and may do everything; the log calls it by the common name. The file is watched like that of tls.cert.',
    beside: withoutTls,
  }),
  tlsClientCertificates: setting({
    path: 'tls.client_certificates',
    kind: choice(CLIENT_CERTIFICATES),
    default: 'required',
    variables: ['GATEHOUSE_TLS_CLIENT_CERTIFICATES'],
    about:
      'Whether clients without a certificate are let in to show an API key instead. Only with tls.client_ca.',
  }),
  tlsRedirectPort: setting({
    path: 'tls.redirect_port',
    kind: optional(integer(0, 65535)),
    default: undefined,
    variables: ['GATEHOUSE_TLS_REDIRECT_PORT'],
    example: '8081',
    about:
      'A second port, without TLS, that sends browsers on to the first one and refuses everything else.',
    beside: withoutTls,
  }),
};
