/** PEM files that are read into the program as text. */
declare module '*.pem' {
  const text: string;
  export default text;
}
