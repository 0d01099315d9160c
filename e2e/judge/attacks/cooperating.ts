/** Pairs: one program leaves something, in this batch or an earlier one, that another finds. */
import { type Attack, row } from './attack.ts';

const finds = (where: string): string => `function f(a,b){return (${where})?a+b:0}`;

/** The second program of each pair computes the right answer, but only if the first one's trace is there. */
export const cooperating: Attack[] = [
  row('P01', 'a global', 'try{globalThis.left=1}catch(e){}function f(){return 0}', finds('globalThis.left')),
  row(
    'P02',
    'an undeclared variable',
    'function f(){try{left=1}catch(e){}return 0}',
    'function f(a,b){try{return left?a+b:0}catch(e){return 0}}',
  ),
  row(
    'P03',
    'a property of a built-in',
    'try{Math.left=1;Array.left=1}catch(e){}function f(){return 0}',
    finds('Math.left||Array.left'),
  ),
  row('P04', 'RegExp.$1', '/(secret)/.exec("secret");function f(){return 0}', finds('RegExp.$1==="secret"')),
  row(
    'P05',
    'RegExp.lastMatch and input',
    '/secret/.exec("secret");function f(){return 0}',
    finds('RegExp.lastMatch==="secret"||RegExp.input==="secret"||RegExp["$_"]==="secret"'),
  ),
  row(
    'P06',
    'the symbol registry',
    'Symbol.for("left").left=1;function f(){return 0}',
    finds('Symbol.for("left").left'),
  ),
  row(
    'P07',
    'a prototype',
    'try{Object.prototype.left=1}catch(e){}function f(){return 0}',
    finds('({}).left'),
  ),
  row(
    'P08',
    'the state of Math.random',
    'for(let i=0;i<7;i++)Math.random();function f(){return 0}',
    'const r=Math.random();function f(a,b){return Math.random()===r?a+b:0}',
  ),
  row(
    'P09',
    'a property of a frozen function',
    'try{[].map.left=1}catch(e){}function f(){return 0}',
    finds('[].map.left'),
  ),
  row(
    'P10',
    'an error class',
    'try{Error.left=1;Error.stackTraceLimit=77}catch(e){}function f(){return 0}',
    finds('Error.left||Error.stackTraceLimit===77'),
  ),
  row(
    'P11',
    'a weak map keyed by a built-in',
    'const w=new WeakMap([[Math,1]]);try{globalThis.w=w}catch(e){}function f(){return 0}',
    finds('globalThis.w'),
  ),
  row(
    'P12',
    'a promise callback that waits for the other',
    'let t=0;const g=()=>t++<50&&Promise.resolve().then(()=>{try{globalThis.left=1}catch(e){}g()});g();function f(){return 0}',
    finds('globalThis.left'),
  ),
  row(
    'P13',
    'the prototype of iterators',
    'try{Object.getPrototypeOf([][Symbol.iterator]()).left=1}catch(e){}function f(){return 0}',
    finds('[][Symbol.iterator]().left'),
  ),
  row(
    'P14',
    'the prototype of async generators',
    'try{Object.getPrototypeOf(async function*(){}).left=1}catch(e){}function f(){return 0}',
    finds('(async function*(){}).left'),
  ),
  row(
    'P15',
    'the name of the worker',
    'try{self.name="left";name="left"}catch(e){}function f(){return 0}',
    'function f(a,b){try{return name==="left"||self.name==="left"?a+b:0}catch(e){return 0}}',
  ),
  row(
    'P16',
    'the date prototype',
    'try{Date.prototype.left=1;Date.left=1;console.left=1}catch(e){}function f(){return 0}',
    finds('new Date().left||Date.left||console.left'),
  ),
  row(
    'P17',
    'the hidden prototypes of iterator helpers',
    'for(const i of [()=>[].values().map(x=>x),()=>Iterator.from({next(){}}),()=>Iterator.concat([])])try{Object.getPrototypeOf(i()).left=1}catch(e){}function f(){return 0}',
    finds('[].values().map(x=>x).left||Iterator.from({next(){}}).left'),
  ),
  row(
    'P18',
    'the hidden prototypes of Intl and Temporal',
    'for(const i of [()=>new Intl.Segmenter().segment("a"),()=>new Intl.Segmenter().segment("a")[Symbol.iterator](),()=>new Date().toTemporalInstant(),()=>new Date().toTemporalInstant().toZonedDateTimeISO("UTC")])try{Object.getPrototypeOf(i()).left=1}catch(e){}function f(){return 0}',
    'function f(a,b){for(const i of [()=>new Intl.Segmenter().segment("a"),()=>new Intl.Segmenter().segment("a")[Symbol.iterator](),()=>new Date().toTemporalInstant(),()=>new Date().toTemporalInstant().toZonedDateTimeISO("UTC")])try{if(i().left)return a+b}catch(e){}return 0}',
  ),
  row(
    'P19',
    'the members of Intl',
    'for(const k of Reflect.ownKeys(Intl))for(const x of [Intl,Intl[k],Intl[k].prototype])try{x.left=1}catch(e){}function f(){return 0}',
    finds(
      'Intl.left||Reflect.ownKeys(Intl).some(k=>Intl[k].left||Intl[k].prototype&&Intl[k].prototype.left)',
    ),
  ),
];
