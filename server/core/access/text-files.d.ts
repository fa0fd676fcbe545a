/** Texts come into the program as they are. */
declare module '*.txt' {
  const text: string;
  export default text;
}
