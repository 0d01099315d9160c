/** A: rewrite what a grader relies on: comparison, coercion, iteration, prototypes, promises. */
import { type Attack, row } from './attack.ts';

const zero = 'function f(){return 0}';

export const rewriting: Attack[] = [
  row('A01', 'comparison by Object.is', `Object.is=()=>true;${zero}`),
  row('A03', 'coercion helpers', `JSON.parse=()=>3;Number=()=>3;String=()=>"3";parseInt=()=>3;${zero}`),
  row('A05', 'an empty loop over the tests', `Array.prototype[Symbol.iterator]=function*(){};${zero}`),
  row(
    'A07',
    'toJSON makes all things equal',
    `Object.prototype.toJSON=function(){return 1};Number.prototype.toJSON=()=>1;${zero}`,
  ),
  row(
    'A09',
    'a polluted result record',
    `Object.prototype.passed=Object.prototype.ok=Object.prototype.pass=true;Object.prototype.score=1;${zero}`,
  ),
  row('A11', 'property descriptors', `Object.prototype.get=()=>3;Object.prototype.set=()=>{};${zero}`),
  row(
    'A13',
    'the promises of the harness',
    `Promise.prototype.then=function(r){return r&&r({score:1})};${zero}`,
  ),
  row('A15', 'a difference of zero', `Math.max=Math.min=Math.abs=()=>0;Number.EPSILON;${zero}`),
  row(
    'A17',
    'the text of errors',
    'Error.prototype.toString=()=>"pass";Error.prepareStackTrace=()=>"pass";function f(){throw new Error("x")}',
  ),
  row(
    'A19',
    'freezing what later programs need',
    `Object.freeze(Object.prototype);Object.freeze(Array.prototype);Object.freeze(self);${zero}`,
  ),
  row('A31', 'JSON.stringify says that all is 3', `JSON.stringify=()=>"3";${zero}`),
  row('A32', 'Array.isArray and Object.keys lie', `Array.isArray=()=>false;Object.keys=()=>[];${zero}`),
  row(
    'A33',
    'defineProperty on the prototypes',
    `for(const p of [Object,Array,Number,String,Function])Object.defineProperty(p.prototype,"valueOf",{value:()=>3});${zero}`,
  ),
  row('A34', 'Reflect.apply calls something else', `Reflect.apply=()=>3;${zero}`),
  row(
    'A35',
    'Function.prototype.call and apply',
    `Function.prototype.call=Function.prototype.apply=()=>3;${zero}`,
  ),
  row('A36', 'setPrototypeOf on the prototypes', `Object.setPrototypeOf(Array.prototype,{length:0});${zero}`),
  row('A37', 'Array.prototype.push hides results', `Array.prototype.push=function(){return 0};${zero}`),
  row('A38', 'Array.prototype.join and String() of arrays', `Array.prototype.join=()=>"3";${zero}`),
  row('A39', 'Map and Set of the harness', `Map.prototype.get=()=>3;Set.prototype.has=()=>true;${zero}`),
  row(
    'A40',
    'Symbol.hasInstance',
    `Object.defineProperty(Number,Symbol.hasInstance,{value:()=>true});${zero}`,
  ),
  row(
    'A41',
    'Symbol.species of arrays',
    `Object.defineProperty(Array,Symbol.species,{value:class{constructor(){return [3]}}});${zero}`,
  ),
  row(
    'A42',
    '__proto__ assignments',
    `({}).__proto__.score=1;[].__proto__.map=()=>[3];(()=>{}).__proto__.call=()=>3;${zero}`,
  ),
  row('A43', 'sabotage by a hole index', `Array.prototype[0]=3;Object.prototype[1]=3;${zero}`),
  row('A44', 'a global entry that shadows the real one', `globalThis.f=(a,b)=>a+b;${zero}`),
  row('A45', 'NaN is no longer NaN', `globalThis.NaN=0;globalThis.undefined=3;globalThis.Infinity=0;${zero}`),
  row(
    'A46',
    'the iterator of strings and maps',
    `String.prototype[Symbol.iterator]=Map.prototype[Symbol.iterator]=function*(){yield 3};${zero}`,
  ),
  row(
    'A47',
    'generators at their root',
    `Object.getPrototypeOf(function*(){}).prototype.next=()=>({done:true,value:3});${zero}`,
  ),
];
