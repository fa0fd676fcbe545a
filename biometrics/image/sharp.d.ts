/**
 * Types of `sharp`: tsconfig's `paths` sends the name to its CommonJS entry, the only one that works
 * in a compiled binary, and the compiler looks for no types beside a mapped file.
 */
declare module 'sharp' {
  const sharp: typeof import('../../node_modules/sharp/dist/index.d.mts').default;
  export type Sharp = import('../../node_modules/sharp/dist/index.d.mts').Sharp;
  export default sharp;
}
