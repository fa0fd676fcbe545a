/** Specimen chips and their trust for the page at `/docval`. */
export { DEMO_PATHS, docvalDemoRoutes, openDemo } from './demo.ts';
export type { DocvalDemo } from './demo.ts';
