/** Bun puts files imported `with { type: 'text' }` into the program as strings. */
declare module '*.md' {
  const text: string;
  export default text;
}
