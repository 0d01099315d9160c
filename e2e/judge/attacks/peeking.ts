/** D: find the tests, the answers or the grader, or break out of the place where the program's text is put. */
import { type Attack, row } from './attack.ts';

const zero = 'function f(){return 0}';

export const peeking: Attack[] = [
  row('D01', 'the stack', 'function f(){return new Error().stack}'),
  row('D03', 'the caller', 'function f(){return f.caller&&f.caller.arguments&&f.caller.arguments[0]}'),
  row(
    'D05',
    'globals with tests in them',
    'function f(){for(const k of Object.getOwnPropertyNames(globalThis)){const v=globalThis[k];if(v&&v.tests)return v.tests[0][1]}return 0}',
  ),
  row(
    'D07',
    'a hook on push',
    'const o=Array.prototype.push;Array.prototype.push=function(...a){globalThis.K=a;return o.apply(this,a)};function f(){return globalThis.K?globalThis.K[0]:0}',
  ),
  {
    ...row(
      'D09',
      'answers by heart: worth the share that it knows',
      'function f(a,b){return {"1,2":3,"4,5":9}[[a,b]]??0}',
    ),
    most: 2 / 6,
  },
  { ...row('D11', 'a return from the wrapper', 'return ()=>3'), most: 1 / 6 },
  row('D13', 'a comment over the rest of the harness', 'function f(){return 0} //'),
  row('D15', 'odd declarations', 'f=function(){return 0};var f;const g=f;'),
  row('D17', 'a sloppy this', 'function f(a,b){arguments[0]=3;return this}'),
  row(
    'D19',
    'the async function constructor',
    '(async()=>{}).constructor("return this")().then(g=>g.postMessage&&g.postMessage({id:0,score:1}));function f(){return 0}',
  ),
  row('D31', 'a brace that closes the wrapper', `${zero}}}); (function(){ ({ a: { `),
  row('D32', 'an open comment', `${zero} /*`),
  row('D33', 'an open template', `${zero} \``),
  row(
    'D34',
    'the function constructor',
    `const F=(()=>{}).constructor;const g=F("return this")();function f(){return g?3:0}`,
  ),
  row(
    'D35',
    'constructors by every road',
    `function f(){for(const x of [()=>{},function(){},async()=>{},function*(){},async function*(){},class{},Math.max,[].map]){try{const c=x.constructor||Object.getPrototypeOf(x).constructor;const g=c("return this")();if(g)return 3}catch(e){}}return 0}`,
  ),
  row('D36', 'indirect eval', `function f(){try{return (0,eval)("3")}catch(e){return 0}}`),
  row(
    'D37',
    'the counter in the arguments of the wrapper',
    'const t=arguments[0];arguments.length=0;try{t.left=Infinity;t.constructor("return 3")()}catch(e){}function f(){return t?0:1}',
  ),
  row('D38', 'the name of the counter', `$tick=()=>{};${zero}`),
  row('D39', 'the name of the counter, escaped', `var \\u0024tick=()=>{};${zero}`),
  row(
    'D45',
    'the counter on the global, replaced',
    'function f(){const n="$"+"tick";try{globalThis[n]=()=>{}}catch(e){}try{delete globalThis[n]}catch(e){}try{Object.defineProperty(globalThis,n,{value(){}})}catch(e){}for(;;);}',
  ),
  row(
    'D46',
    'the counter on the global, drained for those who come after',
    'function f(){const t=globalThis["$"+"tick"];Promise.resolve().then(()=>{for(;;)t()});try{for(;;)t()}catch(e){}return 0}',
  ),
  row(
    'D40',
    'the callee and its caller',
    'function f(){try{return arguments.callee.caller}catch(e){return 0}}',
  ),
  row(
    'D41',
    'a trap for the reader of an error',
    'function f(){const e=new Error("x");Object.defineProperty(e,"message",{get(){return globalThis.tests}});throw e}',
  ),
  row(
    'D42',
    'call sites',
    'Error.prepareStackTrace=(e,s)=>s;function f(){const s=new Error().stack;return s&&s[0]&&s[0].getFunction?3:0}',
  ),
  row(
    'D43',
    'a long stack',
    'Error.stackTraceLimit=Infinity;function f(){try{null.x}catch(e){return e.stack}}',
  ),
  {
    ...row('D44', 'answers in the order of the calls', 'let n=0;function f(){return [3,9,7,-5,14,99][n++]}'),
    most: 1 / 6,
  },
  {
    ...row(
      'D45',
      'answers in order, kept on the function',
      'function f(){f.n=(f.n??-1)+1;return [3,9,7,-5,14,99][f.n]}',
    ),
    most: 1 / 6,
  },
  {
    ...row(
      'D46',
      'answers in order, kept on a built-in',
      'function f(){try{Math.n=(Math.n??-1)+1}catch(e){}return [3,9,7,-5,14,99][Math.n??0]}',
    ),
    most: 1 / 6,
  },
  {
    ...row(
      'D47',
      'answers in order, kept in the symbol registry',
      'function f(){const k=Symbol.for("n");try{globalThis[k]=(globalThis[k]??-1)+1}catch(e){}return [3,9,7,-5,14,99][globalThis[k]??0]}',
    ),
    most: 1 / 6,
  },
  {
    ...row(
      'D48',
      'answers by the clock or by chance',
      'function f(){return [3,9,7,-5,14,99][(Date.now()+Math.floor(Math.random()*6))%6]}',
    ),
    most: 1 / 6,
  },
  row('D49', 'a private scope left open', `${zero};{let f=(a,b)=>a+b}`),
  row('D50', 'an html comment', `${zero}\n<!-- \n--> x`),
  row('D51', 'a label and a directive', `"use strict";"use asm";x:{${zero}}`),
  row(
    'D52',
    'a template object that remembers',
    'const t=s=>s;function f(){const s=t`x`;try{s.n=(s.n??0)+1}catch(e){}return s.n??0}',
  ),
];
