/**
 * The document of a sandboxed frame. It may load nothing and reach nothing, and runs no program itself: it starts
 * one worker, hands it the port that the page sent, and is done. (The naive judge's frame starts its own workers.)
 */
import type { SandboxKind } from '../protocol.ts';

/** What the frame may do, as a content security policy. QuickJS does not even need to make code from text. */
function policy(kind: SandboxKind): string {
  const script = kind === 'quickjs' ? "'unsafe-inline' 'wasm-unsafe-eval'" : "'unsafe-inline' 'unsafe-eval'";
  return `default-src 'none'; script-src ${script}; worker-src blob:`;
}

/** Runs in the frame. Self-contained: only its text travels. */
const starter = `
onmessage = ({ data, ports }) => {
  onmessage = null;
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  worker.postMessage(data, ports);
};`;

/** @param script the text of the worker, or of the naive judge's frame: one classic script */
export function sandboxDocument(kind: SandboxKind, script: string): string {
  // "<" cannot end the element, nor begin a comment in it, when it is written as an escape.
  const text = JSON.stringify(script).replaceAll('<', '\\u003c');
  return `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy(kind)}">
<script>const script = ${text};${kind === 'naive' ? '(0, eval)(script);' : starter}</script>`;
}
