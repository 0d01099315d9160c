/**
 * A reward made of columns: "rm + 0.5*format - 0.1*sum(token_penalty)". The names of columns decide what a sign means:
 * "rm-large" is a column where there is one of that name, and a difference where there are "rm" and "large".
 */

export interface RewardTerm {
  column: string;
  weight: number;
  /** The column holds a list of numbers in each row (one per token): their sum counts. */
  sum: boolean;
}

/** What is wrong with an expression, as a sentence. */
export class RewardExpressionError extends RangeError {}

/**
 * @param columns names of the columns that exist
 * @throws RewardExpressionError naming the place
 */
export function parseReward(expression: string, columns: readonly string[]): RewardTerm[] {
  const text = expression.trim();
  if (columns.includes(text)) return [{ column: text, weight: 1, sum: false }];
  return new Parser(text, columns).terms();
}

/** The expression of terms: what `parseReward` reads again. */
export function writeReward(terms: readonly RewardTerm[]): string {
  return terms
    .map(({ column, weight, sum }, i) => {
      const size = Math.abs(weight);
      const sign = weight < 0 ? (i === 0 ? '-' : ' - ') : i === 0 ? '' : ' + ';
      const name = sum ? `sum(${column})` : column;
      return `${sign}${size === 1 ? '' : `${size}*`}${name}`;
    })
    .join('');
}

/** What a column holds in a row: a number, nothing, or what is no number. */
export type ColumnValue = number | null | 'no number';

/**
 * The reward of a row. A column without a value abstains: the others count.
 * @returns null when every column abstains, and the name of the column that holds no number
 */
export function rewardOf(
  terms: readonly RewardTerm[],
  read: (term: RewardTerm) => ColumnValue,
): number | null | { column: string } {
  let total: number | null = null;
  for (const term of terms) {
    const value = read(term);
    if (value === null) continue;
    if (value === 'no number') return { column: term.column };
    total = (total ?? 0) + term.weight * value;
  }
  return total;
}

class Parser {
  readonly #text: string;
  /** The longest names first: a name may begin with another. */
  readonly #names: readonly string[];
  #at = 0;

  constructor(text: string, columns: readonly string[]) {
    this.#text = text;
    this.#names = [...columns].sort((a, b) => b.length - a.length);
  }

  terms(): RewardTerm[] {
    const terms: RewardTerm[] = [];
    let sign = this.#takeSign() ?? 1;
    do {
      const { weight, ...column } = this.#term();
      const again = terms.some((term) => term.column === column.column);
      if (again) throw this.#error(`${column.column} stands in it twice`);
      terms.push({ ...column, weight: sign * weight });
      const next = this.#takeSign();
      if (next === null && this.#at < this.#text.length)
        throw this.#error(`a + or - is expected before “${this.#rest()}”`);
      sign = next ?? 0;
    } while (sign !== 0);
    return terms;
  }

  #term(): RewardTerm {
    const start = this.#at;
    const weight = this.#take(numberPattern);
    if (weight !== null && this.#take(/\*/y) !== null) {
      const column = this.#takeColumn();
      if (column === null) throw this.#unknown();
      return { ...column, weight: Number(weight) };
    }
    // A name may look like a number, or begin with one.
    this.#at = start;
    const column = this.#takeColumn();
    if (column !== null) return { ...column, weight: this.#take(/\*/y) === null ? 1 : this.#number() };
    if (weight !== null) throw this.#error(`a weight needs its column, as in ${weight}*NAME`);
    throw this.#unknown();
  }

  #number(): number {
    const number = this.#take(numberPattern);
    if (number === null) throw this.#error(`a number is expected before “${this.#rest()}”`);
    return Number(number);
  }

  #takeSign(): number | null {
    const sign = this.#take(/[+-]/y);
    return sign === null ? null : sign === '-' ? -1 : 1;
  }

  #takeColumn(): Omit<RewardTerm, 'weight'> | null {
    const column = this.#takeName();
    if (column !== null) return { column, sum: false };
    const before = this.#at;
    if (this.#take(/sum\(/y) === null) return null;
    const summed = this.#takeName();
    if (summed === null || this.#take(/\)/y) === null) {
      this.#at = before;
      return null;
    }
    return { column: summed, sum: true };
  }

  #takeName(): string | null {
    this.#skipSpace();
    const name = this.#names.find((each) => {
      if (each === '' || !this.#text.startsWith(each, this.#at)) return false;
      const end = this.#text[this.#at + each.length];
      return end === undefined || /[\s+*)-]/.test(end);
    });
    if (name === undefined) return null;
    this.#at += name.length;
    return name;
  }

  /** Skips white space, then takes what the sticky pattern matches. */
  #take(pattern: RegExp): string | null {
    this.#skipSpace();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #rest = () => this.#text.slice(this.#at, this.#at + 40);

  #unknown(): RewardExpressionError {
    const rest = this.#rest();
    const names = [...this.#names].sort().join(', ');
    if (rest === '') return this.#error(`a column is missing at its end; there are ${names}`);
    return this.#error(`no column begins “${rest}”; there are ${names}`);
  }

  #error(what: string): RewardExpressionError {
    return new RewardExpressionError(`The reward “${this.#text}” cannot be read: ${what}.`);
  }
}

const numberPattern = /(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?/iy;
