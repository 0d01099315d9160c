/** How alike a program and a reference are, by CodeBLEU's two measures of syntax and of data flow. */
import { parse } from 'acorn';
import { dataFlow, dataFlowMatch } from './dataFlow.ts';
import { subTrees, syntaxMatch } from './syntaxMatch.ts';

export interface CodeMatch {
  /** Share of the reference's sub-trees that the program has. */
  ast: number;
  /** Share of the reference's data flow that the program has. */
  dfg: number;
}

/** Both are 1 for a program beside itself, and 0 for one that does not parse. */
export type MatchCode = (program: string, reference: string) => CodeMatch;

/** Remembers the references, because the same ones come back in every iteration. */
export function codeMatcher(): MatchCode {
  const references = new Map<string, Read | null>();
  return (program, reference) => {
    if (!references.has(reference)) references.set(reference, read(reference));
    const wanted = references.get(reference);
    const given = wanted && read(program);
    if (!given) return { ast: 0, dfg: 0 };
    return {
      ast: syntaxMatch(wanted.trees, new Set(given.trees)),
      dfg: dataFlowMatch(wanted.flow, given.flow),
    };
  };
}

interface Read {
  trees: string[];
  flow: string[];
}

function read(source: string): Read | null {
  try {
    const root = parse(source, { ecmaVersion: 'latest' });
    return { trees: subTrees(root), flow: dataFlow(root) };
  } catch {
    return null;
  }
}
