/** The pages that come with the binary. */
export { homePages } from './pages.ts';
