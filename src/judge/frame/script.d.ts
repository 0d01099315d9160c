/** The text of a module and its imports as one classic script; see scripts/bundle/inlineScript.ts. */
declare module '*?script' {
  const text: string;
  export default text;
}
