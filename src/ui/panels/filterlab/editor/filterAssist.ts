/**
 * What Monaco does for a person who writes a filter function: names and members with their types, explanations under
 * the pointer, and red lines under what is wrong. Loaded with the editor, and not before.
 */
import type { EditorHelp } from '../../inspector/CodeView.tsx';
import { lineOf, type Mark, sandboxMark, syntaxMark } from './filterMarks.ts';
import { members, typeText } from './filterMembers.ts';
import { declaredNames, memberAt, rewardsName, typeBefore } from './filterTypes.ts';

/** What is wrong, in the words that stand below the editor; null: nothing. */
export type Complaint = { line: number; message: string } | null;

const typingPause = 250;
const declaration = 'function filter(rewards: number[]): number[]';
const filterDoc =
  'Gets the rewards of one group, in the order sampled. Returns one weight, 0 or more, for each response.';

/** @param onSyntax called when what the parser says has changed */
export function filterAssist(onSyntax: (complaint: Complaint) => void): EditorHelp {
  return ({ monaco }, editor) => {
    const model = editor.getModel()!;
    editor.updateOptions({
      quickSuggestions: { other: true, comments: false, strings: false },
      wordBasedSuggestions: 'off',
      suggestOnTriggerCharacters: true,
      fixedOverflowWidgets: true,
      suggest: { showWords: false, showStatusBar: false },
    });
    const { CompletionItemKind: Kind, CompletionItemInsertTextRule: Rule } = monaco.languages;
    const ours = (other: unknown) => other === model;
    const completion = monaco.languages.registerCompletionItemProvider('javascript', {
      triggerCharacters: ['.'],
      provideCompletionItems(asked, position) {
        if (!ours(asked)) return null;
        const source = asked.getValue();
        const word = asked.getWordUntilPosition(position);
        const range = {
          startLineNumber: position.lineNumber,
          endLineNumber: position.lineNumber,
          startColumn: word.startColumn,
          endColumn: position.column,
        };
        const before = source.slice(0, asked.getOffsetAt(position) - word.word.length).trimEnd();
        if (before.endsWith('.') && !before.endsWith('..')) {
          const offered = members[typeBefore(before.slice(0, -1).replace(/\?$/, ''), source)];
          return {
            suggestions: offered.map(({ name, type, doc, insert }, i) => ({
              label: { label: name, description: type },
              kind: insert || type.startsWith('(') ? Kind.Method : Kind.Field,
              documentation: doc,
              insertText: insert ?? name,
              insertTextRules: insert ? Rule.InsertAsSnippet : undefined,
              sortText: String(i).padStart(2, '0'),
              range,
            })),
          };
        }
        return {
          suggestions: [
            ...declaredNames(source).map(({ name, type }) => ({
              label: { label: name, description: typeText[type] },
              kind: Kind.Variable,
              documentation: name === rewardsName(source) ? 'The rewards of one group.' : '',
              insertText: name,
              range,
            })),
            {
              label: { label: 'Math', description: 'Math' },
              kind: Kind.Module,
              documentation: 'Mathematical functions.',
              insertText: 'Math',
              range,
            },
            {
              label: { label: 'function filter', description: 'number[] → number[]' },
              kind: Kind.Snippet,
              documentation: filterDoc,
              insertText: 'function filter(rewards) {\n  return rewards.map((r) => $0);\n}',
              insertTextRules: Rule.InsertAsSnippet,
              range,
            },
          ],
        };
      },
    });
    const hover = monaco.languages.registerHoverProvider('javascript', {
      provideHover(asked, position) {
        const word = asked.getWordAtPosition(position);
        if (!ours(asked) || !word) return null;
        const source = asked.getValue();
        const at = { lineNumber: position.lineNumber, column: word.startColumn };
        const before = source.slice(0, asked.getOffsetAt(at)).trimEnd();
        const said = explain(word.word, before, source);
        return (
          said && { contents: [{ value: `\`\`\`javascript\n${said.type}\n\`\`\`` }, { value: said.doc }] }
        );
      },
    });
    const mark = (found: Mark | null) => {
      const marks = found ? [found] : [];
      const markers = marks.map(({ from, to, message }) => {
        const start = model.getPositionAt(from);
        const end = model.getPositionAt(to);
        return {
          severity: monaco.MarkerSeverity.Error,
          message,
          startLineNumber: start.lineNumber,
          startColumn: start.column,
          endLineNumber: end.lineNumber,
          endColumn: end.column,
        };
      });
      monaco.editor.setModelMarkers(model, 'filter', markers);
    };
    /** What a run said of the text as it is: the run may be over before the pause after typing is. */
    let said: string | null = null;
    const check = () => {
      const source = model.getValue();
      const found = syntaxMark(source);
      mark(said === null ? found : sandboxMark(source, said));
      onSyntax(found && { line: lineOf(source, found.from), message: found.message });
    };
    let timer = setTimeout(check);
    const changed = model.onDidChangeContent(() => {
      clearTimeout(timer);
      timer = setTimeout(check, typingPause);
    });
    return {
      say(message) {
        said = message;
        mark(message === null ? null : sandboxMark(model.getValue(), message));
      },
      dispose() {
        clearTimeout(timer);
        for (const each of [completion, hover, changed]) each.dispose();
      },
    };
  };
}

function explain(word: string, before: string, source: string): { type: string; doc: string } | null {
  if (before.endsWith('.')) {
    const member = memberAt(before.slice(0, -1), word, source);
    return member ? { type: `${member.name}: ${member.type}`, doc: member.doc } : null;
  }
  if (word === 'filter') return { type: declaration, doc: filterDoc };
  if (word === 'Math') return { type: 'Math', doc: 'Mathematical functions.' };
  const declared = declaredNames(source).find(({ name }) => name === word);
  if (!declared || declared.type === 'unknown') return null;
  const doc = word === rewardsName(source) ? 'The rewards of one group, in the order sampled.' : '';
  return { type: `${word}: ${typeText[declared.type]}`, doc };
}
