/** How often each rule served while the programs of many responses were looked for, with one response of each. */
import { type FoundProgram, type Rule, ruleTexts } from './rules.ts';

export interface RuleUse {
  rule: Rule;
  /** Responses that it served. */
  responses: number;
  /** The first of them, as far as people read. */
  example: { response: string; program: string };
}

/** Characters of an example. */
const longestExample = 4000;

export class RuleReport {
  readonly #uses = new Map<Rule, RuleUse>();

  add(response: string, { program, rules }: FoundProgram): void {
    for (const rule of rules) {
      const use = this.#uses.get(rule);
      if (use) use.responses++;
      else
        this.#uses.set(rule, {
          rule,
          responses: 1,
          example: { response: shortened(response), program: shortened(program) },
        });
    }
  }

  /** In the order of `ruleTexts`. */
  get uses(): RuleUse[] {
    return (Object.keys(ruleTexts) as Rule[]).flatMap((rule) => this.#uses.get(rule) ?? []);
  }
}

function shortened(text: string): string {
  return text.length > longestExample ? `${text.slice(0, longestExample)} …` : text;
}
