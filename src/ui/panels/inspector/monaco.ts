/**
 * The part of Monaco that the page needs: the editor, JavaScript colouring, brackets, find, and what typing a
 * function takes. Reached only through a dynamic import, so that it is a chunk of its own. No language
 * service is loaded; the one worker is a file of this site, so a strict content policy holds.
 */
import 'monaco-editor/features/bracketMatching/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/comment/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/indentation/register.js';
import 'monaco-editor/features/hover/register.js';
import 'monaco-editor/features/linesOperations/register.js';
// The feature called "suggest" registers everything around the list of suggestions, and not the list.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
import 'monaco-editor/features/toggleTabFocusMode/register.js';
import 'monaco-editor/features/wordOperations/register.js';
import 'monaco-editor/languages/definitions/javascript/register.js';
import * as monaco from 'monaco-editor/editor/editor.api.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

export { monaco };

/** Any CSS colour as the #rrggbb that Monaco understands. */
function hex(colour: string): string {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Gives Monaco the present theme of the page. */
export function applyTheme() {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => hex(style.getPropertyValue(name).trim() || '#808080');
  const surface = read('--surface');
  const dark = luminance(surface) < 0.4;
  monaco.editor.defineTheme('filtrate', {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [],
    colors: {
      'editor.background': surface,
      'editor.foreground': read('--text'),
      'editorLineNumber.foreground': read('--text-muted'),
      'editorWidget.background': surface,
    },
  });
  monaco.editor.setTheme('filtrate');
}

function luminance(colour: string): number {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16) / 255;
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
