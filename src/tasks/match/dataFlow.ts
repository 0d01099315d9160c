/**
 * Where the values of a program come from, by the rules of CodeBLEU's data flow for JavaScript (arXiv 2009.10297): a
 * triple for each variable in place, of its name, how it got its value, and the names that the value came from. Names
 * are numbered in the order in which they appear, so that renaming changes nothing. CodeBLEU's rules are crude, and
 * are kept: scopes are not told apart, a property or a constant may be a source, and `a = b` says nothing. Sources that
 * it leaves in the order of a hash table stand in the order of the text here.
 */
import type { AnyNode } from 'acorn';
import { partsOf } from './syntaxMatch.ts';

type Relation = 'comesFrom' | 'computedFrom';

/** A word of the program that stands for a value: a variable, a property, a constant. */
interface Word {
  text: string;
  /** Where it stands: its own name, however often the text occurs. */
  at: number;
}
interface Flow extends Word {
  relation: Relation;
  from: readonly Word[];
}
/** Where each name got its value last; in several places where branches meet. */
type Known = ReadonlyMap<string, readonly number[]>;

/** The data flow of a program as texts that can be compared: "v0 computedFrom v1 v2". */
export function dataFlow(root: AnyNode): string[] {
  return numbered(merged(connected(flowsOf(root, new Map()).flows)));
}

/** Share of the reference's triples that the program has, each as often as it has it; 0 for a reference without any. */
export function dataFlowMatch(reference: readonly string[], program: readonly string[]): number {
  if (reference.length === 0) return 0;
  const left = [...program];
  let matched = 0;
  for (const triple of reference) {
    const at = left.indexOf(triple);
    if (at < 0) continue;
    left.splice(at, 1);
    matched++;
  }
  return matched / reference.length;
}

interface Found {
  flows: Flow[];
  known: Known;
}

function flowsOf(node: AnyNode, known: Known): Found {
  switch (node.type) {
    case 'VariableDeclarator':
      return assigned(node.id, node.init ?? null, 'comesFrom', known);
    case 'AssignmentPattern':
      return assigned(node.left, node.right, 'computedFrom', known);
    case 'AssignmentExpression':
      if (node.operator === '=') return inOrder(partsIn(node), known);
      return assigned(node.left, node.right, 'computedFrom', known);
    case 'UpdateExpression': {
      const words = wordsIn(node);
      const flows = words.flatMap((word) => words.map((from) => flow(word, 'computedFrom', [from])));
      return { flows, known: learned(known, words) };
    }
    case 'IfStatement': {
      const then = inOrder([node.test, node.consequent], known);
      const otherwise = node.alternate ? flowsOf(node.alternate, known) : { flows: [], known };
      return {
        flows: [...then.flows, ...otherwise.flows],
        known: eitherOf(then.known, otherwise.known, known),
      };
    }
    case 'ForStatement':
      return twice(node.init ? [node.init as AnyNode] : [], [node.test, node.update, node.body], known);
    case 'WhileStatement':
      return twice([], [node.test, node.body], known);
    default: {
      const word = wordOf(node);
      return word ? used(word, node, known) : inOrder(partsIn(node), known);
    }
  }
}

/** A word in its place: it comes from where its name got its value. A variable that has none yet begins here. */
function used(word: Word, node: AnyNode, known: Known): Found {
  const before = known.get(word.text);
  if (before) {
    return {
      flows: [
        flow(
          word,
          'comesFrom',
          before.map((at) => ({ text: word.text, at })),
        ),
      ],
      known,
    };
  }
  return {
    flows: [flow(word, 'comesFrom', [])],
    known: node.type === 'Identifier' && !properties.has(node) ? learned(known, [word]) : known,
  };
}

/** The names on the left get what the words on the right are. */
function assigned(left: AnyNode, right: AnyNode | null, relation: Relation, known: Known): Found {
  const names = wordsIn(left);
  if (right === null)
    return { flows: names.map((name) => flow(name, relation, [])), known: learned(known, names) };
  const value = flowsOf(right, known);
  const sources = wordsIn(right);
  const given = names.flatMap((name) => sources.map((from) => flow(name, relation, [from])));
  return { flows: [...value.flows, ...given], known: learned(value.known, names) };
}

function inOrder(parts: readonly (AnyNode | null | undefined)[], known: Known): Found {
  const flows: Flow[] = [];
  let now = known;
  for (const part of parts) {
    if (!part) continue;
    const found = flowsOf(part, now);
    flows.push(...found.flows);
    now = found.known;
  }
  return { flows, known: now };
}

/** A loop: what one turn computes, the next may use. */
function twice(
  before: readonly AnyNode[],
  turn: readonly (AnyNode | null | undefined)[],
  known: Known,
): Found {
  const first = inOrder([...before, ...turn], known);
  const second = inOrder(turn, first.known);
  return { flows: [...first.flows, ...second.flows], known: second.known };
}

const flow = ({ text, at }: Word, relation: Relation, from: readonly Word[]): Flow => ({
  text,
  at,
  relation,
  from,
});

const learned = (known: Known, names: readonly Word[]): Known =>
  new Map([...known, ...names.map(({ text, at }): [string, number[]] => [text, [at]])]);

function eitherOf(...branches: readonly Known[]): Known {
  const all = new Map<string, number[]>();
  for (const branch of branches) {
    for (const [name, places] of branch) all.set(name, [...(all.get(name) ?? []), ...places]);
  }
  return new Map([...all].map(([name, places]) => [name, [...new Set(places)].sort((a, b) => a - b)]));
}

/** Identifiers that name a property and no variable; noted on the way down, because a node does not know its parent. */
const properties = new WeakSet<AnyNode>();

function partsIn(node: AnyNode): AnyNode[] {
  if (node.type === 'MemberExpression' && !node.computed) properties.add(node.property);
  if (node.type === 'Property' && !node.computed) properties.add(node.shorthand ? node.value : node.key);
  return partsOf(node).map(([, part]) => part);
}

/** What a node is as a word; null when it is made of others, or a keyword. */
function wordOf(node: AnyNode): Word | null {
  const at = node.start;
  if (node.type === 'Identifier') return node.name === 'undefined' ? null : { text: node.name, at };
  if (node.type !== 'Literal' || node.value === true || node.value === false) return null;
  return node.raw === 'null' ? null : { text: node.raw ?? String(node.value), at };
}

function wordsIn(node: AnyNode): Word[] {
  const word = wordOf(node);
  return word ? [word] : partsIn(node).flatMap(wordsIn);
}

/** In the order of the text, without words that nothing comes from and that come from nothing. */
function connected(flows: readonly Flow[]): Flow[] {
  const places = new Set<number>();
  for (const { at, from } of flows) {
    if (from.length > 0) places.add(at);
    for (const source of from) places.add(source.at);
  }
  return flows.filter(({ at }) => places.has(at)).sort((a, b) => a.at - b.at);
}

/** One flow for each place: from all sources that were found for it. */
function merged(flows: readonly Flow[]): Flow[] {
  const byPlace = new Map<number, Flow>();
  for (const each of flows) {
    const before = byPlace.get(each.at);
    byPlace.set(each.at, { ...(before ?? each), from: named([...(before?.from ?? []), ...each.from]) });
  }
  return [...byPlace.values()];
}

/** Each name once, in the order of the text. */
function named(words: readonly Word[]): Word[] {
  const sources = [...words].sort((x, y) => x.at - y.at);
  return sources.filter(({ text }, i) => sources.findIndex((other) => other.text === text) === i);
}

function numbered(flows: readonly Flow[]): string[] {
  const numbers = new Map<string, number>();
  const name = (text: string) => {
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return `v${numbers.get(text)}`;
  };
  return flows.map(({ text, relation, from }) => {
    const sources = from.map((source) => name(source.text));
    return [name(text), relation, ...sources].join(' ');
  });
}
