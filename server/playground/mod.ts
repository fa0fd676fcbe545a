/** The endpoints behind the compare page at `/`. */
export { type PlaygroundDeps, playgroundRoutes } from './routes.ts';
