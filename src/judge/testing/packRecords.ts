/** Problems written here, one record in the shape of each public pack. */

/** In the shape of MultiPL-E. */
export const largest = {
  name: 'HumanEval_900_largest_gap',
  language: 'js',
  prompt:
    '//Largest difference between neighbours.\n>>> largest_gap([1, 4, 2])\n3\nfunction largest_gap(xs){\n',
  doctests: 'transform',
  original: '/somewhere/HumanEval_900_largest_gap.py',
  prompt_terminology: 'reworded',
  tests: `const assert = require('node:assert');


function test() {
  let candidate = largest_gap;
  assert.deepEqual(candidate([1, 4, 2]),3);
  assert.deepEqual(candidate([5]),0);
  assert.deepEqual(candidate([]),undefined);
  assert.deepEqual(candidate([0, -7]),"7");
}

test();`,
  stop_tokens: ['\nfunction ', '\n/*', '\n//', '\nconsole.log'],
};

/** In the shape of HumanEval-X. */
export const rotate = {
  task_id: 'JavaScript/900',
  prompt:
    '/* Turn a text by n places. */\nconst turnBack = (s, n) => turn(s, -n);\n\n/* See above. */\nconst turn = (s, n) => {\n',
  declaration: '\nconst turnBack = (s, n) => turn(s, -n);\n\nconst turn = (s, n) => {\n',
  canonical_solution:
    '  k = s.length ? ((n % s.length) + s.length) % s.length : 0;\n  return s.slice(k) + s.slice(0, k);\n}\n\n',
  test: `const testTurn = () => {
  console.assert(turn('abc', 1) === 'bca')
  console.assert(
    turn('', 5) === ''
  )
  for (let i = 0; i < 20; i++) {
    const n = Math.floor(Math.random() * 9);
    console.assert(turnBack(turn('abcdef', n), n) === 'abcdef');
  }
  console.assert(JSON.stringify({ b: turn('xy', 1), a: 1 }) === JSON.stringify({ b: 'yx', a: 1 }))
}

testTurn()
`,
  example_test: '',
};

/** The same, for the programs of programs.ts. */
export const rangeSum = {
  task_id: 'JavaScript/901',
  prompt: '/* The sum of the whole numbers from a to b, both included.\n*/\nconst rangeSum = (a, b) => {\n',
  declaration: '\nconst rangeSum = (a, b) => {\n',
  canonical_solution: '  let s = 0;\n  for (let i = a; i <= b; i++) s += i;\n  return s;\n}\n\n',
  test: `const testRangeSum = () => {
  console.assert(rangeSum(1, 3) === 6);
  console.assert(rangeSum(4, 4) === 4);
  console.assert(rangeSum(-2, 2) === 0);
}

testRangeSum()
`,
  example_test: '',
};

/** In the shape of MBXP. */
export const pairs = {
  task_id: 'MBJSP/900',
  language: 'javascript',
  prompt: '/**\n * Set of sums of neighbours.\n */\nfunction neighbourSums(xs) {\n',
  description: 'Set of sums of neighbours.',
  entry_point: 'neighbourSums',
  test: `
const _ = require("lodash")

function compare(object1, object2){
    return _.isEqual(object1, object2)
}

var arg00 = [1, 2, 3];
var x0 = neighbourSums(arg00);
var v0 = new Set([5, 3]);
if(!compare(x0, v0)){
    throw 'Error at 1th assert statement. Value = ' + JSON.stringify(x)
}

var arg10 = [];
var x1 = neighbourSums(arg10);
var v1 = new Set();
if(!compare(x1, v1)){
    throw 'Error at 2th assert statement. Value = ' + JSON.stringify(x)
}
`,
  canonical_solution:
    '  const sums = new Set();\n  for (let i = 1; i < xs.length; i++) sums.add(xs[i - 1] + xs[i]);\n  return sums;\n}',
};
