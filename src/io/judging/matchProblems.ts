/** Which problem of a pack a response answers: by name, else by the text of the prompt. Pure. */
import { commented } from '../../tasks/packs/formats.ts';
import type { PackProblem } from '../../tasks/packs/pack.ts';
import { groupColumn } from '../grouping/grouping.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { type Fields, fieldOf, textOf } from '../values.ts';

/** What is matched by; the tests stay where they are. */
export type ProblemName = Pick<PackProblem, 'id' | 'prompt'>;

/** Rows without a problem, by what they call theirs. */
export interface UnmatchedPrompt {
  /** Name of the prompt, else the beginning of its text. */
  name: string;
  rows: number;
}

export interface ProblemMatch {
  /** [B] number of the problem of each row, -1 where there is none. */
  problem: Int32Array;
  matched: number;
  /** The first few, in order of appearance. */
  unmatched: UnmatchedPrompt[];
  /** Different prompts without a problem, as far as they were counted. */
  unmatchedPrompts: number;
}

/** Fields in which trainers and benchmarks keep the name of a problem. */
const nameFields = ['prompt_id', 'task_id', 'problem_id', 'name'];
const unmatchedListed = 12;
/** Beyond this many, further prompts without a problem are not told apart. */
const unmatchedCounted = 100_000;
const nameLength = 60;

export class ProblemMatcher {
  readonly #byName = new Map<string, number>();
  readonly #byPrompt = new Map<string, number>();
  readonly #unmatched = new Map<string, number>();
  readonly #problem: Int32Array;
  #matched = 0;

  /** @param rows how many rows there are to match */
  constructor(problems: readonly ProblemName[], rows: number) {
    problems.forEach(({ id, prompt }, i) => {
      this.#byName.set(id, i);
      const key = promptKey(prompt);
      // Two problems with one prompt can be told apart by name alone.
      if (key !== '') this.#byPrompt.set(key, this.#byPrompt.has(key) ? -1 : i);
    });
    this.#problem = new Int32Array(rows).fill(-1);
  }

  add(row: number, fields: Fields, mapping: Mapping): void {
    const read = (name: string | null) => (name === null ? '' : textOf(fieldOf(fields, name)).trim());
    const names = [groupColumn(mapping.group), ...nameFields].map(read).filter((name) => name !== '');
    const named = names.find((name) => this.#byName.has(name));
    // A mapping may name the prompt by its id, beside a field with the text.
    const prompts = [mapping.prompt, 'prompt'].map(read).filter((prompt) => prompt !== '');
    const said = prompts.map(promptKey).find((key) => this.#byPrompt.has(key));
    const found =
      named !== undefined
        ? this.#byName.get(named)
        : said !== undefined
          ? this.#byPrompt.get(said)
          : undefined;
    if (found !== undefined && found >= 0) {
      this.#problem[row] = found;
      this.#matched++;
      return;
    }
    const name = shortened(names[0] ?? prompts[0] ?? '');
    const known = this.#unmatched.get(name);
    if (known !== undefined || this.#unmatched.size < unmatchedCounted)
      this.#unmatched.set(name, (known ?? 0) + 1);
  }

  result(): ProblemMatch {
    const unmatched = [...this.#unmatched].slice(0, unmatchedListed).map(([name, rows]) => ({ name, rows }));
    return {
      problem: this.#problem,
      matched: this.#matched,
      unmatched,
      unmatchedPrompts: this.#unmatched.size,
    };
  }
}

/** Equal for prompts that differ in white space around them, or in comment marks that reading the pack put right. */
function promptKey(prompt: string): string {
  return commented(prompt.trim().replace(/\r\n/g, '\n'));
}

function shortened(name: string): string {
  const line = name.replace(/\s+/g, ' ');
  return line.length > nameLength ? `${line.slice(0, nameLength)} …` : line;
}
