/** IDENTY Web Server API v1: what the server mounts. */
export { Captures } from './captures.ts';
export type { IdentyDeps } from './endpoint.ts';
export {
  addCaptureKey,
  type CaptureKeys,
  openCaptureKeys,
  pruneCaptureKeys,
} from './envelope/capture-keys.ts';
export { identyRoutes } from './routes.ts';
export { templateKeyOf } from './template-encryption.ts';
