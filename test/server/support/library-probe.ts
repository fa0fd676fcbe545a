/** Child process that prepares the native libraries and says what went wrong, if anything. */
export type LibraryProbe = 'ok' | `${string}: ${string}`;

const outcome: LibraryProbe = await import('../../../server/core/native/libraries.ts').then(
  () => 'ok' as const,
  (error: Error & { code?: string }) => `${error.code}: ${error.message}` as const,
);
console.log(outcome);
